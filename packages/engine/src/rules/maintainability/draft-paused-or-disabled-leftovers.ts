import { copies } from "../../location/copies.ts";
import { publishedByName } from "../../location/surroundings.ts";
import { listOf, recordOf, textOf } from "../../model/attributes.ts";
import { daysSinceEdit, nameWithoutCopy } from "../../model/edits.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

type Leftover =
  | { readonly kind: "disabled-steps"; readonly steps: readonly Step[] }
  | { readonly kind: "pause"; readonly ended: string | null }
  | { readonly kind: "old-draft"; readonly days: number }
  | { readonly kind: "draft-twin"; readonly twin: string };

export const draftPausedOrDisabledLeftovers = defineRule<Leftover>({
  meta: {
    code: "MAINT-002",
    id: "draft-paused-or-disabled-leftovers",
    category: "maintainability",
    severity: "low",
    scope: "W+L",
    title: "Something left lying about",
    summary:
      "Disabled steps in a published workflow, a scheduled pause that is over or has no end, a draft that nobody touched for 90 days, or a draft beside a published workflow of the same name; with the other workflows, also one with the same trigger and steps.",
    why: "Somebody edits the wrong one, or believes that a step still runs.",
    fix: "Delete or archive what is no longer needed.",
    settings: [
      { key: "draftDays", type: "number", default: 90, description: "Days after which an untouched draft is old." },
    ],
    sources: ["reasoned"],
  },
  sees: "workflow",
  *find(view, settings) {
    const { workflow, options } = view;
    if (workflow.status === "published") yield* inPublished(view);
    if (workflow.status !== "draft") return;
    const twin = twinOf(view);
    if (twin !== null) yield { kind: "draft-twin", twin };
    const days = daysSinceEdit(workflow, options.now);
    const limit = typeof settings["draftDays"] === "number" ? settings["draftDays"] : 90;
    if (days !== null && days >= limit) yield { kind: "old-draft", days };
  },
  tell(leftover) {
    return {
      message: inWords(leftover),
      impact:
        leftover.kind === "disabled-steps"
          ? "Whoever reads the workflow believes that they still run."
          : "The wrong one gets edited or switched on.",
      fix: fixOf(leftover),
      steps: leftover.kind === "disabled-steps" ? leftover.steps.slice(0, 50) : [],
      evidence: evidenceOf(leftover),
      ...(leftover.kind === "old-draft" || leftover.kind === "pause" ? { severity: "info" as const } : {}),
      at: null,
      hangsOn: [leftover.kind],
    };
  },
  wrong: () => [
    {
      title: "two disabled steps in a live workflow are one finding",
      workflow: flow({ status: "published" }, [off("a"), off("b"), sms("c")]),
    },
    {
      title: "a pause that is over",
      workflow: flow({
        status: "published",
        scheduledPauseDates: [{ startDate: "2026-01-01", endDate: "2026-01-07" }],
      }),
      options: { now: "2026-11-23" },
    },
    {
      title: "a pause without end",
      workflow: flow({ status: "published", scheduledPauseDates: [{ startDate: "2026-01-01" }] }),
      options: { now: "2026-11-23" },
    },
    {
      title: "a draft of last year",
      workflow: flow({ status: "draft", updatedAt: "2025-11-01T08:00:00Z" }),
      options: { now: "2026-11-23" },
    },
    {
      title: "a draft beside its published twin",
      workflow: flow({ status: "draft", name: "Copy of Welcome" }),
      options: { facts: { workflows: [{ id: "w2", name: "Welcome", status: "published" }] } },
    },
  ],
  right: () => [
    {
      title: "disabled steps in a draft are work in progress",
      workflow: flow({ status: "draft" }, [off("a"), sms("b")]),
    },
    {
      title: "a pause to come, as for a season",
      workflow: flow({
        status: "published",
        scheduledPauseDates: [{ startDate: "2026-12-24", endDate: "2027-01-02" }],
      }),
      options: { now: "2026-11-23" },
    },
    {
      title: "a fresh draft",
      workflow: flow({ status: "draft", updatedAt: "2026-11-20T08:00:00Z" }),
      options: { now: "2026-11-23" },
    },
    {
      title: "the day of the analysis is not given",
      workflow: flow({ status: "draft", updatedAt: "2025-11-01T08:00:00Z" }),
    },
    {
      title: "it is itself that the facts list",
      workflow: flow({ status: "draft", name: "Welcome" }),
      options: { facts: { workflows: [{ id: "w1", name: "Welcome", status: "draft" }] } },
    },
  ],
});

function* inPublished({ workflow, options }: View): Iterable<Leftover> {
  const steps = workflow.steps.filter(({ disabled }) => disabled);
  if (steps.length > 0) yield { kind: "disabled-steps", steps };
  const now = Date.parse(options.now ?? "");
  const pauses = listOf(workflow.raw["scheduledPauseDates"]);
  if (pauses.length === 0 || Number.isNaN(now)) return;
  const ends = pauses.map((pause) => textOf(recordOf(pause)["endDate"] ?? recordOf(pause)["end"]));
  const begun = pauses.some(
    (pause) => Date.parse(textOf(recordOf(pause)["startDate"] ?? recordOf(pause)["start"])) <= now,
  );
  if (begun && ends.some((end) => end === "")) yield { kind: "pause", ended: null };
  else if (ends.every((end) => Date.parse(end) < now)) yield { kind: "pause", ended: ends.toSorted().at(-1) ?? null };
}

/** A published workflow of the location of which this draft is a copy: by its name, or by what it does. */
function twinOf({ workflow, options: { location }, around }: View): string | null {
  const name = nameWithoutCopy(workflow.name);
  const twin = location.workflow(name);
  if (twin !== undefined && twin.id !== workflow.id && twin.status === "published") return twin.name;
  const here = around();
  if (here === null) return null;
  const original =
    here.location.derive(publishedByName).get(name.toLowerCase()) ??
    here.location.derive(copies).get(here.self)?.original;
  return original?.view.workflow.status === "published" ? original.view.workflow.name : null;
}

function inWords(leftover: Leftover): string {
  switch (leftover.kind) {
    case "disabled-steps":
      return `${listed(leftover.steps.map(quoted))} ${leftover.steps.length === 1 ? "is" : "are"} switched off in a published workflow.`;
    case "pause":
      return leftover.ended === null
        ? "A scheduled pause has begun and has no end."
        : `The scheduled pause ended on ${leftover.ended.slice(0, 10)}.`;
    case "old-draft":
      return `This draft has not been touched for ${counted(leftover.days, "day")}.`;
    case "draft-twin":
      return `This draft stands beside the published workflow "${leftover.twin.slice(0, 60)}".`;
  }
}

function fixOf({ kind }: Leftover): string {
  switch (kind) {
    case "disabled-steps":
      return "Delete them, or switch them on again.";
    case "pause":
      return "Take the pause out, or give it an end.";
    default:
      return "Publish it, or archive it.";
  }
}

function evidenceOf(leftover: Leftover): Readonly<Record<string, unknown>> {
  switch (leftover.kind) {
    case "disabled-steps":
      return { disabledSteps: leftover.steps.length };
    case "pause":
      return { pauseEnded: leftover.ended };
    case "old-draft":
      return { daysUntouched: leftover.days };
    case "draft-twin":
      return { published: leftover.twin };
  }
}

function off(id: string) {
  return { ...sms(id), advanceCanvasMeta: { isDisabled: true } };
}

function flow(more: object, templates: readonly object[] = [sms("a")]): unknown {
  const linked = templates.map((step, at) => ({ ...step, next: Object(templates[at + 1]).id ?? null }));
  return { workflow: { id: "w1", name: "Welcome", workflowData: { templates: linked }, ...more } };
}
