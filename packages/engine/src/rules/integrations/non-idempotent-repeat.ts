import { repeats, returningTriggers } from "../../graph/repeats.ts";
import { isRecord, listOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { inWords, listed, quoted } from "../../words.ts";
import { type ExampleNode, exampleWorkflow, hasNotTag } from "../logic/example-workflow.ts";
import { stepsAt } from "../places.ts";
import { defineRule } from "../rule.ts";

interface Repeated {
  readonly steps: readonly Step[];
  readonly circle: { readonly steps: readonly number[]; readonly seconds: number } | null;
  readonly triggers: readonly Trigger[];
}

/** What comes back after a week or more is billed per period. */
const PERIOD_SECONDS = 7 * 86_400;

export const nonIdempotentRepeat = defineRule<Repeated>({
  meta: {
    code: "INTG-008",
    id: "non-idempotent-repeat",
    category: "integrations",
    severity: "high",
    scope: "W",
    title: "A charge, document or call may happen twice",
    summary:
      "A charge, invoice, document or writing call inside a loop, or in a workflow with re-entry and several triggers, with no check whether it was done before.",
    why: "The contact is charged twice, gets two invoices, or the other system books the same thing again.",
    fix: "Check a field or tag that says it was done, and set it right behind the step; give calls an idempotency key.",
    sources: ["platform facts F1, F31", "reasoned"],
  },
  sees: { traits: Trait.payment, types: ["webhook", "custom_webhook"] },
  *find(view) {
    const risky = riskySteps(view);
    if (risky.length === 0) return;
    const shared = view.derive(repeats);
    const byCircle = new Map<number, Repeated & { readonly steps: Step[] }>();
    const outside: Step[] = [];
    for (const step of risky) {
      const circle = shared.circleOf(step);
      if (circle === null) outside.push(step);
      else if (circle.seconds < PERIOD_SECONDS) {
        const key = circle.steps[0] ?? -1;
        const known = byCircle.get(key);
        if (known === undefined) byCircle.set(key, { steps: [step], circle, triggers: [] });
        else known.steps.push(step);
      }
    }
    yield* byCircle.values();
    const triggers = outside.length === 0 ? [] : returningTriggers(view);
    const reached = triggers.length < 2 ? [] : outside.filter(shared.reachedUnguarded);
    if (reached.length > 0) yield { steps: reached, circle: null, triggers };
  },
  tell({ steps, circle, triggers }, view) {
    const names = listed(steps.map(quoted));
    const verb = steps.length === 1 ? "runs" : "run";
    const pays = steps.some(({ traits }) => (traits & Trait.payment) !== 0);
    return {
      message:
        circle === null
          ? `${names} ${verb} again when a contact comes in a second time: re-entry is on, and ${listed(triggers.map(quoted))} may all start it.`
          : `${names} ${verb} on every pass of a loop (${circle.seconds === 0 ? "without a pause" : `every ${inWords(circle.seconds)}`}), and nothing checks whether it was done before.`,
      impact: pays
        ? "The contact is charged or invoiced again and again, and asks for the money back."
        : "The other system gets the same thing several times and books it several times.",
      fix: "In front of it, check a field or tag that says it was done; set that right behind it. Send an idempotency key with calls.",
      steps: [...steps, ...stepsAt(view, circle?.steps ?? []).filter((other) => !steps.includes(other))].slice(0, 50),
      evidence:
        circle === null
          ? { reentry: true, witnesses: triggers.slice(0, 10).map(({ name }) => name) }
          : { witnesses: ["first pass", "next pass"], secondsPerPass: circle.seconds },
      confidence: pays && circle !== null ? "certain" : "likely",
      hangsOn: steps.map(({ id }) => id),
    };
  },
  wrong: () => [
    { title: "a charge in a loop of a day, with the call beside it, is one finding", workflow: loop(1) },
    { title: "two triggers and re-entry", workflow: twoDoors([charge]) },
    { title: "a writing call by two triggers", workflow: twoDoors([call]) },
  ],
  right: () => [
    { title: "billed by the month", workflow: loop(30) },
    {
      title: "a tag says that it was done",
      workflow: twoDoors([
        { id: "which", name: "New?", branches: [{ name: "New", rows: [hasNotTag("charged")], steps: [charge] }] },
      ]),
    },
    { title: "re-entry is off", workflow: twoDoors([charge], false) },
    { title: "one trigger", workflow: twoDoors([charge], true, 1) },
    {
      title: "a call that only asks",
      workflow: twoDoors([{ ...call, attributes: { method: "GET", url: "https://api.acme.dental/x" } }]),
    },
    {
      title: "a call with an idempotency key",
      workflow: twoDoors([
        {
          ...call,
          attributes: { ...call.attributes, headers: [{ key: "Idempotency-Key", value: "{{contact.id}}-welcome" }] },
        },
      ]),
    },
  ],
});

function riskySteps(view: View): readonly Step[] {
  const calls = ["webhook", "custom_webhook"].flatMap((type) => view.stepsOfType(type).filter(writes));
  return [...view.stepsWith(Trait.payment), ...calls].filter(({ disabled }) => !disabled);
}

/** A call that changes something there, without a key by which the other side knows it again. */
function writes({ attributes }: Step): boolean {
  if (textOf(attributes["method"]).toUpperCase() === "GET") return false;
  const named = [...listOf(attributes["headers"]), ...listOf(attributes["customData"])].filter(isRecord);
  if (named.some((row) => /idempoten/i.test(textOf(row["key"])))) return false;
  const { body } = attributes;
  return !(isRecord(body) && /idempoten/i.test(textOf(body["rawData"]).slice(0, 20_000)));
}

const charge = { id: "charge", type: "stripe_one_time_charge", name: "Charge", attributes: { amount: "49" } };
const call = {
  id: "call",
  type: "webhook",
  name: "Tell the CRM",
  attributes: { method: "POST", url: "https://api.acme.dental/lead" },
};

function loop(days: number): unknown {
  return {
    actions: [
      { id: "charge", type: "charge", name: "Charge", config: { amount: "49" } },
      { id: "call", type: "webhook", name: "Tell the CRM", config: call.attributes },
      { id: "wait", type: "wait", config: { days } },
      { id: "back", type: "goto", config: { target: "charge" } },
    ],
  };
}

function twoDoors(nodes: readonly ExampleNode[], reentry = true, doors = 2): unknown {
  const triggers = [{ type: "form_submission" }, { type: "contact_tag" }].slice(0, doors);
  const example = exampleWorkflow(nodes, triggers) as { readonly workflow: object };
  return { ...example, workflow: { ...example.workflow, allowMultiple: reentry } };
}
