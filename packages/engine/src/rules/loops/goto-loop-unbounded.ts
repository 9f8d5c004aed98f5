import { type Atom, atomsOf, hasUnreadable } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { type LoopExit, type SelfRunningLoop, selfRunningLoops } from "../../graph/self-running-loops.ts";
import { listOf, recordOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, inWords, listed, quoted } from "../../words.ts";
import { stepsAt } from "../places.ts";
import { defineRule } from "../rule.ts";

interface Chase {
  readonly loop: SelfRunningLoop;
  /** What each way out depends on, in words. */
  readonly dependsOn: readonly string[];
}

const WEEK = 604_800;
const MONTH = 2_592_000;

export const gotoLoopUnbounded = defineRule<Chase>({
  meta: {
    code: "LOOP-003",
    id: "goto-loop-unbounded",
    category: "loops",
    severity: "high",
    scope: "W",
    title: "A loop that chases silent contacts without end",
    summary:
      "A loop that sends messages, and every way out of it depends on the contact or on your team: no counter and no date ends it. Low when a pass takes a week or more.",
    why: "Who never reacts gets the same messages again and again, until they opt out or report you, and the carrier suspends your number.",
    fix: "Count the passes with a Math Operation on a field, and leave the loop after a few.",
    sources: [
      "github.com/uxieee/uxie-ghl-factory (anti-patterns)",
      "tkturners.com/blog/ghl-workflow-automation-best-practices",
    ],
  },
  sees: { traits: Trait.send },
  *find(view) {
    for (const loop of view.derive(selfRunningLoops)) {
      if (!loop.members.some(({ traits }) => (traits & Trait.send) !== 0)) continue;
      const dependsOn = outsideCauses(view, loop);
      if (dependsOn !== null && loop.cycle().seconds > 0) yield { loop, dependsOn };
    }
  },
  tell({ loop, dependsOn }, view) {
    const cycle = loop.cycle();
    const steps = stepsAt(view, cycle.steps);
    const closers = steps.filter((step) => step.type === "goto");
    const first = steps[0];
    const sends = Math.max(1, cycle.sends);
    const perMonth = Math.max(1, Math.floor((MONTH / cycle.seconds) * sends));
    return {
      message: `${listed(steps.map(quoted))} go round every ${inWords(cycle.seconds)}, and a contact gets out only by ${listed(dependsOn)}.`,
      impact: `A contact who never reacts gets ${counted(sends, "message")} every ${inWords(cycle.seconds)} without end: about ${perMonth} a month.`,
      fix: `Add a Math Operation that counts the passes, and an If/Else in front of ${listed((closers.length > 0 ? closers : steps.slice(-1)).map(quoted))} that leaves the loop after a few.`,
      steps,
      ...(first === undefined ? {} : { at: first }),
      hangsOn: (closers.length > 0 ? closers : steps).map((step) => step.id),
      evidence: {
        loop: steps.map((step) => step.id),
        secondsPerPass: cycle.seconds,
        sendsPerPass: cycle.sends,
        sendsPerMonth: perMonth,
        exits: loop.exits.slice(0, 20).map(({ step, branch }) => ({ step: step.id, way: branch?.name ?? "next" })),
        exitsDependOn: dependsOn,
      },
      severity: cycle.seconds >= WEEK ? "low" : "high",
      confidence: "likely",
    };
  },
  wrong: () => [
    {
      title: "asked every day until the contact books",
      workflow: chase({ days: 1 }, [way("Booked", row("appointment", "status", "==", "confirmed"))]),
    },
    {
      title: "only a tag that somebody else sets ends it",
      workflow: chase({ days: 2 }, [way("Client", row("contact_detail", "tags", "index-of-true", ["client"]))]),
    },
    {
      title: "only a reply ends it",
      workflow: { settings: { stopOnResponse: true }, actions: [text, wait({ days: 3 }), again] },
    },
    {
      title: "the silent ones go round",
      workflow: {
        actions: [
          text,
          {
            id: "hold",
            type: "wait",
            config: { event: "reply", timeout: { days: 2 } },
            branches: [
              { name: "Reply", next: null },
              { name: "Timeout", next: "again" },
            ],
          },
          again,
        ],
      },
    },
    {
      title: "a weekly newsletter that only a reply ends, low",
      workflow: { settings: { stopOnResponse: true }, actions: [text, wait({ days: 7 }), again] },
    },
  ],
  right: () => [
    {
      title: "a counter ends it",
      workflow: chase(
        { days: 1 },
        [way("Three times", row("contact_detail", "attempts", ">=", "3"))],
        [{ id: "count", type: "math_operation", config: { field: "attempts", operator: "add", value: 1 } }],
      ),
    },
    {
      title: "a counter that is compared with one number",
      workflow: chase(
        { days: 1 },
        [way("Three times", row("contact_detail", "attempts", "==", "3"))],
        [{ id: "count", type: "math_operation", config: { field: "attempts", operator: "add", value: 1 } }],
      ),
    },
    {
      title: "a date ends it",
      workflow: chase({ days: 1 }, [way("Over", row("contact_detail", "offer_ends", "before", "2026-12-31"))]),
    },
    {
      title: "a tag that the loop sets itself",
      workflow: chase(
        { days: 1 },
        [way("Asked twice", row("contact_detail", "tags", "index-of-true", ["asked-twice"]))],
        [{ id: "mark", type: "add_tag", config: { tags: ["asked-twice"] } }],
      ),
    },
    {
      title: "who does not answer leaves by the timeout",
      workflow: {
        actions: [
          text,
          {
            id: "hold",
            type: "wait",
            config: { event: "reply", timeout: { days: 2 } },
            branches: [
              { name: "Reply", next: "again" },
              { name: "Timeout", next: null },
            ],
          },
          again,
        ],
      },
    },
    {
      title: "each message needs the contact's answer first",
      workflow: { settings: { stopOnResponse: true }, actions: [text, wait({ event: "reply" }), again] },
    },
    {
      title: "a loop that sends nothing",
      workflow: {
        actions: [
          { id: "text", type: "task", config: { title: "Call" } },
          wait({ days: 1 }),
          {
            id: "done",
            type: "condition",
            branches: [
              way("Client", row("contact_detail", "tags", "index-of-true", ["client"])),
              way("None", null, "again"),
            ],
          },
          again,
        ],
      },
    },
    {
      title: "a condition that cannot be read is not judged",
      workflow: chase({ days: 1 }, [way("Enough", row("contact_detail", "attempts", "is-a-prime-number", "3"))]),
    },
  ],
});

const text = { id: "text", type: "sms", config: { body: "Still looking? Reply STOP to unsubscribe." } };
const again = { id: "again", type: "goto", config: { target: "text" } };

function wait(config: object): object {
  return { id: "hold", type: "wait", config };
}

function row(conditionType: string, conditionSubType: string, conditionOperator: string, value: unknown): object {
  return { conditionType, conditionSubType, conditionOperator, conditionValue: value };
}

function way(name: string, condition: object | null, next: string | null = null): object {
  return { name, next, ...(condition === null ? {} : { conditions: [condition] }) };
}

function chase(length: object, ways: readonly object[], more: readonly object[] = []): unknown {
  return {
    settings: { stopOnResponse: false },
    actions: [
      text,
      ...more,
      wait(length),
      { id: "check", type: "condition", branches: [...ways, way("None", null, "again")] },
      again,
    ],
  };
}

/** What the ways out depend on when that is never the loop itself; null when one of them ends it in time, or there is none. */
function outsideCauses(view: View, loop: SelfRunningLoop): readonly string[] | null {
  const causes = new Set<string>();
  const writes = writtenIn(loop.members);
  for (const exit of loop.exits) {
    const cause = causeOf(view, exit, writes);
    if (cause === null) return null;
    causes.add(cause);
  }
  if (view.graph.goals.length > 0) causes.add("meeting the goal");
  if (view.workflow.settings.stopOnResponse === true) causes.add("a reply");
  return causes.size === 0 ? null : [...causes];
}

/** Words for what takes a contact this way; null when time, chance or the loop's own steps do. */
function causeOf(view: View, { step, branch }: LoopExit, writes: Written): string | null {
  if (branch === null) return null;
  switch (branch.kind) {
    case "event":
      return "reacting in time";
    case "found":
    case "not-found":
      return "a record that is found or not";
    case "condition":
    case "none":
      return causeOfDecision(view, step, writes);
    default:
      return null;
  }
}

function causeOfDecision(view: View, step: Step, writes: Written): string | null {
  const conditionOf = view.derive(branchConditions);
  const labels: string[] = [];
  for (const branch of step.branches) {
    if (branch.condition === null) continue;
    const asked = conditionOf(branch);
    if (hasUnreadable(asked)) return null;
    for (const atom of atomsOf(asked)) {
      if (endsInTime(atom, writes)) return null;
      labels.push(atom.field.label);
    }
  }
  const [label] = labels;
  return label === undefined ? "what the contact answers" : `a change of ${label}`;
}

/** A number, a date, something that the loop itself writes, or a row that cannot be read. */
function endsInTime({ field, test, values }: Atom, { tags, fields, counts }: Written): boolean {
  if (test.kind === "range" || test.kind === "opaque" || field.kind === "time") return true;
  if (field.kind === "tag") return values.some((tag) => tags.has(tag.trim().toLowerCase()));
  if (fields.has(plain(field.key.slice(field.key.search(/[.:]/) + 1)))) return true;
  return counts && (field.kind === "custom-field" || field.kind === "contact" || field.kind === "step-output");
}

interface Written {
  readonly tags: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
  /** A Math Operation counts, in a field that is stored in different ways. */
  readonly counts: boolean;
}

function writtenIn(members: readonly Step[]): Written {
  const tags = new Set<string>();
  const fields = new Set<string>();
  let counts = false;
  for (const { type, attributes, disabled } of members) {
    if (disabled) continue;
    if (type === "math_operation") counts = true;
    else if (type === "add_contact_tag" || type === "remove_contact_tag")
      for (const tag of listOf(attributes["tags"])) tags.add(textOf(tag).trim().toLowerCase());
    else if (type === "update_contact_field")
      for (const row of listOf(attributes["fields"])) fields.add(plain(textOf(recordOf(row)["field"])));
  }
  return { tags, fields, counts };
}

function plain(name: string): string {
  return name
    .replace(/^contact\./, "")
    .replaceAll("_", "")
    .toLowerCase();
}
