import { dominators } from "../../graph/dominators.ts";
import { booleanOf, recordOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import type { Analysis, View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly first: Step;
  readonly second: Step;
}

export const repeatedExternalLookup = defineRule<State>({
  meta: {
    code: "PERF-004",
    id: "repeated-external-lookup",
    category: "performance",
    severity: "medium",
    scope: "W",
    title: "The same question is asked outside twice",
    summary:
      "One way passes two calls with the same settings that fetch something, with no change of their inputs and no wait between.",
    why: "Each call is billed and takes time, and the second answer may differ from the first.",
    fix: "Keep the first answer in a field, and read that.",
    sources: ["help article 155000005678 (premium features)", "reasoned"],
  },
  sees: { types: ["custom_webhook", "google_sheets", "webhook"] },
  *find(view) {
    const calls = view.derive(lookups);
    if (calls.length < 2) return;
    const bySettings = new Map<string, Step[]>();
    for (const step of calls) {
      const key = `${step.type} ${settingsOf(step)}`;
      const same = bySettings.get(key);
      if (same === undefined) bySettings.set(key, [step]);
      else same.push(step);
    }
    for (const same of bySettings.values()) if (same.length > 1) yield* pairsOf(view, same);
  },
  tell: ({ first, second }) => ({
    message: `${quoted(second)} asks again what ${quoted(first)} has already asked on the same way, with the same settings.`,
    impact: "You pay twice and wait twice, and if the answers differ, one part of the workflow contradicts the other.",
    fix: `Save the response of ${quoted(first)} to a field, use that, and delete ${quoted(second)}.`,
    steps: [second, first],
    hangsOn: [first.id, second.id],
    confidence: "likely",
    evidence: { first: first.id, second: second.id, type: second.type },
  }),
  wrong: () => [
    { title: "two equal GET calls", workflow: { actions: [call("one"), note, call("two")] } },
    { title: "two lookups in one sheet", workflow: { actions: [sheet("one"), note, sheet("two")] } },
    { title: "three are two findings", count: 2, workflow: { actions: [call("one"), call("two"), call("three")] } },
  ],
  right: () => [
    {
      title: "two different questions",
      workflow: { actions: [call("one"), note, call("two", { url: "https://api.acme.dental/slots" })] },
    },
    {
      title: "a wait in between: it asks whether something has changed",
      workflow: { actions: [call("one"), { id: "hold", type: "wait", config: { hours: 1 } }, call("two")] },
    },
    {
      title: "what it asks about has been written in between",
      workflow: {
        actions: [
          call("one"),
          { id: "write", type: "update_contact_field", config: { fields: [{ field: "city", value: "Rome" }] } },
          call("two"),
        ],
      },
    },
    {
      title: "two calls that tell something",
      workflow: {
        actions: [
          call("one", { method: "POST", saveResponse: false }),
          note,
          call("two", { method: "POST", saveResponse: false }),
        ],
      },
    },
    {
      title: "on two branches: nobody asks twice",
      workflow: {
        actions: [
          {
            id: "which",
            type: "condition",
            branches: [
              {
                name: "Rome",
                conditions: [{ field: "contact.city", operator: "==", value: "Rome" }],
                actions: [call("one")],
              },
              { name: "None", actions: [call("two")] },
            ],
          },
        ],
      },
    },
    {
      title: "a loop asks with one step: that is polling",
      workflow: {
        actions: [
          call("one"),
          { id: "hold", type: "wait", config: { hours: 1 } },
          { id: "again", type: "goto", config: { target: "one" } },
        ],
      },
    },
  ],
});

/** Calls that fetch something. */
const lookups: Analysis<readonly Step[]> = (view) =>
  ["custom_webhook", "webhook", "google_sheets"].flatMap((type) => view.stepsOfType(type)).filter(fetches);

function fetches({ type, attributes, disabled }: Step): boolean {
  if (disabled) return false;
  if (type === "google_sheets") {
    const { action } = attributes;
    return /look|get|find|search|read/i.test(textOf(action) || textOf(recordOf(action)["id"]));
  }
  return (
    textOf(attributes["method"]).toUpperCase() === "GET" ||
    (type === "custom_webhook" && booleanOf(attributes["saveResponse"]) === true)
  );
}

/** Settings as one text, but for the label. Longer ones are compared by their beginning and length. */
const LONGEST = 20_000;

function settingsOf({ attributes }: Step): string {
  const text = JSON.stringify({ ...attributes, name: undefined });
  return text.length > LONGEST ? `${text.length}:${text.slice(0, LONGEST)}` : text;
}

/** Each call with the nearest equal one before it, when nothing between them waits or writes. */
function* pairsOf(view: View, same: readonly Step[]): Iterable<State> {
  const { order, immediate } = view.derive(dominators);
  const calls = new Set(same.map(({ index }) => index));
  for (const second of same) {
    if ((order[second.index] as number) < 0) continue;
    for (let node = immediate[second.index] as number, hops = 0; node >= 0 && hops < FARTHEST; hops++) {
      const step = view.workflow.steps[node];
      if (step === undefined || changesInputs(step)) break;
      if (calls.has(node)) {
        yield { first: step, second };
        break;
      }
      node = immediate[node] as number;
    }
  }
}

/** Further apart something else has surely happened. */
const FARTHEST = 50;

function changesInputs({ traits, type }: Step): boolean {
  return (
    (traits & Trait.pause) !== 0 ||
    ((traits & Trait.writesContact) !== 0 && type !== "add_notes") ||
    (traits & Trait.opportunity) !== 0
  );
}

const note = { id: "note", type: "add_notes", config: { html: "Asked" } };

function call(id: string, config: object = {}): object {
  return {
    id,
    type: "custom_webhook",
    name: `Ask ${id}`,
    config: { method: "GET", url: "https://api.acme.dental/price", saveResponse: true, ...config },
  };
}

function sheet(id: string): object {
  return {
    id,
    type: "google_sheets",
    name: `Look up ${id}`,
    config: { action: { id: "lookup_row" }, spreadsheet: { id: "1AbC" } },
  };
}
