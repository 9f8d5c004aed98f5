import { builderLimits } from "../../domain/channel-limits.ts";
import { branchingDepth } from "../../graph/branching-depth.ts";
import { numberOf, recordOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import { durationSeconds } from "../../model/waits.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule, type Settings } from "../rule.ts";

interface State {
  readonly problem: "branches" | "paths" | "weights" | "batch" | "interval" | "size" | "depth";
  /** null: the whole workflow. */
  readonly step: Step | null;
  readonly value: number;
  readonly limit: number;
}

export const oversizedOrOverLimit = defineRule<State>({
  meta: {
    code: "PERF-003",
    id: "oversized-or-over-limit",
    category: "performance",
    severity: "low",
    scope: "W",
    title: "More than the builder takes, or than anybody can follow",
    summary:
      "More than 10 branches or 5 split paths, split weights that do not total 100, a drip outside 1 to 10,000 contacts or 1 minute to 7 days (high: it cannot be saved or does not run); more than about 40 steps, or more than 5 decisions one behind the other (low).",
    why: "An import fails, contacts take a way nobody meant, and a workflow that nobody overlooks is mended in the wrong place.",
    fix: "Keep to the builder's limits; split a long workflow by stage and hand contacts over with Add to Workflow.",
    settings: [
      { key: "mostSteps", type: "number", default: 40, description: "Steps from which a workflow counts as large." },
      {
        key: "deepest",
        type: "number",
        default: 5,
        description: "Decisions one behind the other that are still fine.",
      },
    ],
    sources: [
      "help article 155000002471 (If/Else)",
      "help article 155000003304 (Split)",
      "help article 155000003360 (Drip)",
      "reasoned: 40 steps and 5 levels",
    ],
  },
  sees: "workflow",
  *find(view, settings) {
    for (const step of manyWays(view)) yield* branchesOf(step);
    for (const step of view.stepsOfType("drip")) yield* dripOf(step);
    const { length } = view.workflow.steps;
    const mostSteps = numberSetting(settings, "mostSteps", 40);
    if (length > mostSteps) yield { problem: "size", step: null, value: length, limit: mostSteps };
    const deepest = numberSetting(settings, "deepest", 5);
    if (view.stepsWith(Trait.decide).length <= deepest) return;
    const depth = view.derive(branchingDepth);
    if (depth > deepest) yield { problem: "depth", step: null, value: depth, limit: deepest };
  },
  tell(state, view) {
    const { problem, step, value, limit } = state;
    return {
      message: wordsOf(state, view),
      impact:
        step === null
          ? "Nobody overlooks it any more: a change lands in the wrong place, and a fault stays for months."
          : "The builder refuses to save it, or the step does not run as it stands.",
      fix: fixes[problem],
      steps: step === null ? [] : [step],
      at: step,
      hangsOn: step === null ? [problem] : [step.id],
      severity: step === null ? "low" : "high",
      evidence: { problem, value, limit },
    };
  },
  wrong: () => [
    {
      title: "eleven branches",
      workflow: {
        actions: [
          {
            id: "which",
            type: "condition",
            branches: [
              ...Array.from({ length: 11 }, (_, at) => ({
                name: `B${at}`,
                conditions: [{ field: "contact.city", operator: "==", value: `${at}` }],
                actions: [],
              })),
              { name: "None", actions: [note("n")] },
            ],
          },
        ],
      },
    },
    {
      title: "six split paths",
      workflow: {
        actions: [
          {
            id: "split",
            type: "workflow_split",
            branches: Array.from({ length: 6 }, (_, at) => ({ name: `P${at}`, actions: [note(`p${at}`)] })),
          },
        ],
      },
    },
    {
      title: "weights of 90",
      workflow: {
        actions: [
          {
            id: "split",
            type: "workflow_split",
            config: { extras: { weightDistribution: { a: 50, b: 40 } } },
            branches: [
              { name: "A", actions: [] },
              { name: "B", actions: [note("b")] },
            ],
          },
        ],
      },
    },
    { title: "a drip of 20,000", workflow: { actions: [drip(20_000, "minutes", 10), note("n")] } },
    { title: "a drip every 8 days", workflow: { actions: [drip(100, "days", 8), note("n")] } },
    { title: "41 steps, low", workflow: { actions: Array.from({ length: 41 }, (_, at) => note(`n${at}`)) } },
    { title: "six decisions one behind the other, low", workflow: { actions: nested(6) } },
  ],
  right: () => [
    {
      title: "ten branches",
      workflow: {
        actions: [
          {
            id: "which",
            type: "condition",
            branches: [
              ...Array.from({ length: 10 }, (_, at) => ({
                name: `B${at}`,
                conditions: [{ field: "contact.city", operator: "==", value: `${at}` }],
                actions: [],
              })),
              { name: "None", actions: [note("n")] },
            ],
          },
        ],
      },
    },
    {
      title: "weights of 100, one of them 0",
      workflow: {
        actions: [
          {
            id: "split",
            type: "workflow_split",
            config: { extras: { weightDistribution: { a: 100, b: 0 } } },
            branches: [
              { name: "A", actions: [] },
              { name: "B", actions: [note("b")] },
            ],
          },
        ],
      },
    },
    { title: "a drip of 10,000 every week", workflow: { actions: [drip(10_000, "days", 7), note("n")] } },
    { title: "40 steps", workflow: { actions: Array.from({ length: 40 }, (_, at) => note(`n${at}`)) } },
    { title: "five decisions", workflow: { actions: nested(5) } },
    {
      title: "an empty drip is another rule's",
      workflow: { actions: [{ id: "drip", type: "drip", config: {} }, note("n")] },
    },
  ],
});

const fixes: Readonly<Record<State["problem"], string>> = {
  branches: "Put several values into one branch, or decide in two steps.",
  paths: "Split in two steps, or drop a path.",
  weights: "Let the weights of all paths total 100.",
  batch: "Choose a batch between 1 and 10,000 contacts.",
  interval: "Choose an interval between 1 minute and 7 days.",
  size: "Split the workflow by stage, and hand contacts over with Add to Workflow.",
  depth: "Decide once at the top and hand contacts over to a workflow of their own.",
};

function wordsOf({ problem, step, value, limit }: State, { workflow }: View): string {
  const name = step === null ? `"${workflow.name.slice(0, 60)}"` : quoted(step);
  switch (problem) {
    case "branches":
      return `${name} has ${value} branches beside None; the builder takes ${limit}.`;
    case "paths":
      return `${name} splits into ${value} paths; the builder takes ${limit}.`;
    case "weights":
      return `The weights of ${name} total ${value} instead of ${limit}.`;
    case "batch":
      return `${name} lets ${value} contacts through at a time; the builder takes 1 to 10,000.`;
    case "interval":
      return `${name} waits ${value} seconds between batches; the builder takes 1 minute to 7 days.`;
    case "size":
      return `${name} has ${value} steps.`;
    case "depth":
      return `${name} decides ${value} times one behind the other.`;
  }
}

/** Splits, and decisions with more branches than the builder takes: the others need no closer look. */
function manyWays(view: View): readonly Step[] {
  return view
    .stepsWith(Trait.decide)
    .filter(({ type, branches }) => type === "workflow_split" || branches.length > builderLimits.namedBranches);
}

function* branchesOf(step: Step): Iterable<State> {
  const { namedBranches, splitPaths, splitWeights } = builderLimits;
  if (step.type === "workflow_split") {
    if (step.branches.length > splitPaths)
      yield { problem: "paths", step, value: step.branches.length, limit: splitPaths };
    const weights = Object.values(recordOf(recordOf(step.attributes["extras"])["weightDistribution"])).map(numberOf);
    const total = Math.round(weights.reduce((sum, weight) => sum + weight, 0) * 100) / 100;
    if (weights.length > 0 && !Number.isNaN(total) && total !== splitWeights)
      yield { problem: "weights", step, value: total, limit: splitWeights };
    return;
  }
  if (step.branches.length <= namedBranches || step.type !== "if_else") return;
  const named = step.branches.filter(({ kind }) => kind !== "none").length;
  if (named > namedBranches) yield { problem: "branches", step, value: named, limit: namedBranches };
}

function* dripOf(step: Step): Iterable<State> {
  const { dripBatch, dripSeconds } = builderLimits;
  const batch = numberOf(step.attributes["batchSize"]);
  if (batch < dripBatch.least || batch > dripBatch.most)
    yield { problem: "batch", step, value: batch, limit: dripBatch.most };
  const interval = recordOf(step.attributes["interval"]);
  const seconds = durationSeconds({ type: interval["timeUnit"] ?? interval["type"], value: interval["value"] });
  if (seconds !== null && (seconds < dripSeconds.least || seconds > dripSeconds.most))
    yield { problem: "interval", step, value: seconds, limit: dripSeconds.most };
}

function numberSetting(settings: Settings, key: string, fallback: number): number {
  const value = settings[key];
  return typeof value === "number" && value > 0 ? value : fallback;
}

function note(id: string): object {
  return { id, type: "add_notes", name: `Note ${id}`, config: { html: `Note ${id}` } };
}

function drip(batchSize: number, timeUnit: string, value: number): object {
  return { id: "drip", type: "drip", name: "Drip", config: { batchSize, interval: { timeUnit, value } } };
}

function nested(levels: number): readonly object[] {
  if (levels === 0) return [note("end")];
  const conditions = [{ field: "contact.city", operator: "==", value: `${levels}` }];
  return [
    {
      id: `d${levels}`,
      type: "condition",
      branches: [
        { name: "A", conditions, actions: nested(levels - 1) },
        { name: "None", actions: [note(`n${levels}`)] },
      ],
    },
  ];
}
