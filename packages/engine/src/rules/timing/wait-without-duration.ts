import { mustHold } from "../../graph/must-hold.ts";
import { sendsAround } from "../../graph/sends-around.ts";
import { sendsBehind } from "../../graph/sends-behind.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { isBlank, listOf, numberOf, recordOf, textOf } from "../../model/attributes.ts";
import { isDynamic } from "../../model/waits.ts";
import { type Attributes, END, type Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface EmptyWait {
  readonly step: Step;
  readonly lacks: "length" | "unit" | "zero" | "guard";
}

export const waitWithoutDuration = defineRule<EmptyWait>({
  meta: {
    code: "TIME-001",
    id: "wait-without-duration",
    category: "timing",
    severity: "critical",
    scope: "W",
    title: "A wait that does not wait",
    summary: "A time wait whose length is empty, incomplete or zero, or comes from a field that may be empty.",
    why: "The messages before and after the wait go out within seconds of each other.",
    fix: "Set a number and a unit.",
    sources: ["platform fact F14 (four messages within six seconds on a live account)"],
  },
  sees: { types: ["wait"] },
  *find(view) {
    const { of, ofKind } = view.derive(waitTimings);
    for (const step of ofKind.time) {
      // A window alone holds contacts until it opens.
      if ((of[step.index]?.leastSeconds ?? 0) > 0 || !isBlank(step.attributes["window"])) continue;
      const lacks = lacking(step);
      if (lacks === "guard" && isGuarded(view, step)) continue;
      if (lacks !== null) yield { step, lacks };
    }
  },
  tell({ step, lacks }, view) {
    const { before, after } = sendsAround(view, step);
    const sends = view.derive(sendsBehind)[step.index] === 1;
    const together = [...before.slice(-3), ...after.slice(0, 3)];
    const guard = lacks === "guard";
    return {
      message: `The wait ${quoted(step)} ${words[lacks]}${guard ? "" : ", so contacts pass it at once"}.`,
      impact:
        together.length > 1
          ? `${listed(together.map(quoted))} reach the contact within seconds of each other${guard ? " whenever the field is empty" : ""}.`
          : sends
            ? "The messages behind it go out at once instead of later."
            : "What stands behind it happens at once instead of later.",
      fix: guard
        ? `Check in front of ${quoted(step)} that the field is filled, or set a fixed length.`
        : `Open ${quoted(step)} and set how long it waits: a number and a unit.`,
      steps: [step],
      evidence: {
        startAfter: step.attributes["startAfter"] ?? null,
        lacks,
        sendsTogether: together.map((send) => send.id),
      },
      severity: guard ? "high" : sends ? "critical" : "medium",
      confidence: guard ? "possible" : "certain",
    };
  },
  wrong: () => [
    { title: "no length at all", workflow: drip({ type: "time", startAfter: {} }) },
    { title: "a unit without a number", workflow: drip({ type: "time", startAfter: { type: "days", when: "after" } }) },
    { title: "a number without a unit", workflow: drip({ type: "time", startAfter: { value: 2, when: "after" } }) },
    { title: "zero days", workflow: drip({ type: "time", startAfter: { type: "days", value: 0, when: "after" } }) },
    {
      title: "a length from a field that may be empty",
      workflow: drip({ type: "time", startAfter: { type: "days", value: "{{contact.days_to_wait}}" } }),
    },
  ],
  right: () => [
    { title: "two days", workflow: drip({ type: "time", startAfter: { type: "days", value: 2, when: "after" } }) },
    {
      title: "a number written as text",
      workflow: drip({ type: "time", startAfter: { type: "minutes", value: "15" } }),
    },
    { title: "unknown kinds of wait are not judged", workflow: drip({ type: "wait_for_the_moon" }) },
    {
      title: "a unit the engine does not know is not judged",
      workflow: drip({ type: "time", startAfter: { type: "business_days", value: 2 } }),
    },
    { title: "waiting for a reply has no length of its own", workflow: drip({ type: "reply", reply: ["text"] }) },
    {
      title: "a window holds contacts until it opens",
      workflow: drip({
        type: "time",
        startAfter: { type: "minutes", value: 0 },
        window: { condition: "when", days: [1], start: "09:00", end: "17:00" },
      }),
    },
    {
      title: "a branch in front makes sure that the field is filled",
      workflow: {
        actions: [
          {
            id: "filled",
            type: "condition",
            branches: [
              {
                name: "Has a number of days",
                next: "hold",
                conditions: [
                  {
                    conditionType: "contact_detail",
                    conditionSubType: "days_to_wait",
                    conditionOperator: "has_value",
                  },
                ],
              },
              { name: "None", next: null },
            ],
          },
          {
            id: "hold",
            type: "wait",
            config: { type: "time", startAfter: { type: "days", value: "{{contact.days_to_wait}}" } },
          },
          { id: "text", type: "sms", config: { body: "Still interested?" } },
        ],
      },
    },
    {
      title: "a wait with nothing behind it",
      workflow: {
        workflow: { workflowData: { templates: [{ id: "hold", type: "wait", attributes: { type: "time" } }] } },
      },
    },
  ],
});

const words: Readonly<Record<EmptyWait["lacks"], string>> = {
  length: "has no length",
  unit: "has a number but no unit (minutes, hours, days)",
  zero: "has a length of zero",
  guard: "takes its length from a field that may be empty",
};

function drip(wait: Readonly<Record<string, unknown>>): unknown {
  return {
    workflow: {
      id: "w",
      name: "Drip",
      workflowData: {
        templates: [
          { id: "text", type: "sms", name: "First text", attributes: { body: "Hi" }, next: "hold" },
          { id: "hold", type: "wait", name: "Wait", attributes: wait, next: "text-2" },
          { id: "text-2", type: "sms", name: "Second text", attributes: { body: "Still interested?" } },
        ],
      },
    },
  };
}

function lacking(step: Step): EmptyWait["lacks"] | null {
  if (step.next === END && step.branches.length === 0) return null;
  if (isDynamic(step.attributes)) return "guard";
  const length = recordOf(step.attributes["startAfter"]);
  const amount = numberOf(length["value"]);
  if (Number.isNaN(amount)) return isBlank(length["value"]) ? "length" : null;
  if (amount <= 0) return "zero";
  return textOf(length["type"]) === "" ? "unit" : null;
}

/** Does every way to the wait come by a branch that asks whether its field has a value? */
function isGuarded(view: View, step: Step): boolean {
  const value = textOf(recordOf(step.attributes["startAfter"])["value"]).slice(0, 200);
  const field = value.slice(value.indexOf("{{") + 2, value.indexOf("}}")).trim();
  const key = field.slice(field.lastIndexOf(".") + 1);
  for (let fact = view.derive(mustHold)(step); fact !== null; fact = fact.before) {
    if (fact.kind === "branch" && fact.branch.condition !== null && asksForValue(fact.branch.condition, key))
      return true;
    if (fact.kind === "field" && fact.field.endsWith(key) && fact.cleared) return false;
  }
  return false;
}

function asksForValue(condition: Attributes, key: string): boolean {
  const groups = listOf(condition["segments"]);
  const rows = (groups.length > 0 ? groups : [condition]).flatMap((group) => listOf(recordOf(group)["conditions"]));
  return rows.some((row) => {
    const { conditionOperator, conditionSubType } = recordOf(row);
    return conditionOperator === "has_value" && textOf(conditionSubType).endsWith(key);
  });
}
