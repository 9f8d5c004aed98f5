import { atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import type { RecordContext } from "../../domain/record-contexts.ts";
import { stepTypeOf } from "../../domain/step-types.ts";
import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { reachability } from "../../graph/reachability.ts";
import type { Member } from "../../location/location-view.ts";
import { type HandOver, wiring } from "../../location/wiring.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { texts } from "../../text/texts.ts";
import type { Analysis } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { broughtBy, recordOfPath } from "../content/merge-field-wrong-context.ts";
import { hopOf, named } from "../hops.ts";
import { flow, handTo, onForm } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";
import { records } from "../logic/condition-context-missing.ts";

interface Lost {
  readonly target: Member;
  readonly record: RecordContext;
  readonly uses: readonly Step[];
  /** Calls by which the record does not come along. */
  readonly calls: readonly HandOver[];
}

export const handoffLosesTriggerData = defineLocationRule<Lost>({
  meta: {
    code: "XWF-006",
    id: "handoff-loses-trigger-data",
    category: "cross-workflow",
    severity: "medium",
    scope: "L",
    title: "A hand-over that leaves the trigger's data behind",
    summary:
      "A workflow that others start uses an appointment, a deal, an order, a message or webhook data, and the Add to Workflow step does not pass the trigger's parameters, or the caller has no such record either.",
    why: "What stood in the message before the hand-over is blank behind it, and conditions on it send everybody to None.",
    fix: "Pass the trigger's parameters in Add to Workflow; store what later steps found out in fields of the contact.",
    sources: ["help article 155000002554 (Add to Workflow)", "platform fact F23"],
  },
  *find(location) {
    const { callers } = location.derive(wiring);
    for (const target of location.members) {
      const calls = callers[target.at] ?? [];
      if (calls.length === 0) continue;
      for (const [record, uses] of target.view.derive(recordsUsed)) {
        if (bringsAny(target.view.workflow.triggers ?? [], record)) continue;
        const losing = calls.filter((call) => loses(call, record));
        if (losing.length > 0) yield { target, record, uses, calls: losing };
      }
    }
  },
  tell({ target, record, uses, calls }, location) {
    const callers = calls.map(({ member }) => member);
    const unpassed = calls.filter(({ step }) => !passesParameters(step));
    const name = recordNames.get(record) ?? record;
    return {
      message: `${named(target)} uses ${name} in ${listed(uses.map(quoted))}, but ${listed(calls.map(({ member, step }) => `${quoted(step)} of ${named(member)}`))} ${calls.length === 1 ? "hands" : "hand"} contacts over without it.`,
      impact: "The values are blank behind the hand-over: a gap in the message, or everybody on the None branch.",
      fix:
        unpassed.length > 0
          ? `Switch on passing the trigger's parameters in ${listed(unpassed.map(({ step }) => quoted(step)))}, or find the record in ${named(target)} first.`
          : `Find the record in ${named(target)} first, or store the values in fields of the contact before the hand-over.`,
      members: [target, ...new Set(callers)],
      places: [
        ...uses.map((place) => ({ member: target, place })),
        ...calls.map(({ member, step }) => ({ member, place: step })),
      ],
      hops: [
        ...calls.slice(0, 10).map(({ member, step, seconds }) =>
          hopOf(location, {
            member,
            trigger: activeTrigger(member),
            step,
            effect: `adds the contact to ${named(target)}, ${passesParameters(step) ? "with the trigger's parameters" : "without the trigger's parameters"}`,
            seconds,
          }),
        ),
        hopOf(location, {
          member: target,
          trigger: null,
          step: uses[0] ?? null,
          effect: `uses ${name}`,
          seconds: 0,
        }),
      ],
      evidence: {
        record,
        passesParameters: calls
          .slice(0, 20)
          .map(({ member, step }) => ({ workflow: member.key, step: step.id, passes: passesParameters(step) })),
      },
      confidence: "likely",
      hangsOn: [target.key, record],
    };
  },
  wrong: () => [
    {
      title: "an appointment time behind a hand-over that passes nothing",
      workflows: [
        flow("a", { type: "appointment" }, [handTo("b")]),
        flow("b", [], [reminder("See you on {{appointment.start_time}}")]),
      ],
    },
    {
      title: "parameters are passed, but the form has no appointment",
      workflows: [
        flow("a", onForm("f"), [handTo("b", { input_trigger_params: true })]),
        flow("b", [], [reminder("See you on {{appointment.start_time}}")]),
      ],
    },
    {
      title: "a condition on webhook data",
      workflows: [
        flow("a", { type: "inbound_webhook" }, [handTo("b")]),
        flow(
          "b",
          [],
          [
            {
              id: "ask",
              type: "condition",
              branches: [
                {
                  name: "Big",
                  conditions: [{ field: "inboundWebhookRequest.size", operator: "==", value: "big" }],
                  actions: [reminder("Hello")],
                },
                { name: "None", next: null },
              ],
            },
          ],
        ),
      ],
    },
  ],
  right: () => [
    {
      title: "the parameters are passed",
      workflows: [
        flow("a", { type: "appointment" }, [handTo("b", { input_trigger_params: true })]),
        flow("b", [], [reminder("See you on {{appointment.start_time}}")]),
      ],
    },
    {
      title: "the workflow has a trigger of its own that brings it",
      workflows: [
        flow("a", onForm("f"), [handTo("b")]),
        flow("b", { type: "appointment" }, [reminder("See you on {{appointment.start_time}}")]),
      ],
    },
    {
      title: "it finds the deal itself",
      workflows: [
        flow("a", onForm("f"), [handTo("b")]),
        flow(
          "b",
          [],
          [
            { id: "find", type: "internal_create_opportunity", config: { pipelineId: "p" } },
            reminder("Your quote: {{opportunity.name}}"),
          ],
        ),
      ],
    },
    {
      title: "fields of the contact always come along",
      workflows: [flow("a", onForm("f"), [handTo("b")]), flow("b", [], [reminder("Hi {{contact.first_name}}")])],
    },
  ],
});

const recordNames: ReadonlyMap<RecordContext, string> = new Map([
  ["appointment", "the appointment"],
  ["opportunity", "the deal"],
  ["invoice", "the invoice"],
  ["order", "the order"],
  ["payment", "the payment"],
  ["message", "the contact's message"],
  ["inboundWebhook", "the webhook's data"],
  ["note", "the note"],
  ["task", "the task"],
  ["course", "the course event"],
]);

/** The records that reached steps use in texts or conditions and that no step of the workflow creates or finds. */
const recordsUsed: Analysis<ReadonlyMap<RecordContext, readonly Step[]>> = (view) => {
  const found = new Map<RecordContext, Set<Step>>();
  const { reached } = view.derive(reachability);
  const add = (record: RecordContext | undefined | null, step: Step) => {
    if (record === undefined || record === null || step.disabled || reached[step.index] === 0) return;
    const steps = found.get(record);
    if (steps === undefined) found.set(record, new Set([step]));
    else steps.add(step);
  };
  for (const { text, fields } of view.derive(texts).merging)
    for (const { path, fault } of fields) if (fault === null && path !== "") add(recordOfPath(path), text.step);
  const conditionOf = view.derive(branchConditions);
  for (const step of view.stepsWith(Trait.decide))
    for (const branch of step.branches)
      if (branch.condition !== null)
        for (const { field } of atomsOf(conditionOf(branch))) add(records[field.kind]?.context, step);
  if (found.size === 0) return NONE;
  for (const step of view.workflow.steps)
    if (!step.disabled) for (const record of stepTypeOf(step.type)?.supplies ?? []) found.delete(record);
  // A wait for a reply brings the reply.
  if (view.stepsOfType("wait").some(({ attributes }) => attributes["type"] === "reply")) found.delete("message");
  return new Map([...found].map(([record, steps]) => [record, [...steps].sort((a, b) => a.index - b.index)]));
};

const NONE: ReadonlyMap<RecordContext, readonly Step[]> = new Map();

function loses({ member, step }: HandOver, record: RecordContext): boolean {
  if (!passesParameters(step)) return true;
  const triggers = (member.view.workflow.triggers ?? []).filter(({ active }) => active);
  // Without triggers the caller is called itself, or nobody knows by whom: what comes along is not known either.
  return triggers.length > 0 && !bringsAny(triggers, record);
}

function passesParameters({ attributes }: Step): boolean {
  return attributes["input_trigger_params"] === true || attributes["input_trigger_params"] === "true";
}

/** A trigger of a type that the engine does not know may bring anything. */
function bringsAny(triggers: readonly Trigger[], record: RecordContext): boolean {
  const enough = broughtBy.get(record) ?? [record];
  return triggers.some(({ active, type }) => {
    const known = triggerTypeOf(type);
    return active && (known === undefined || known.supplies.some((one) => enough.includes(one)));
  });
}

function activeTrigger({ view }: Member): Trigger | null {
  return view.workflow.triggers?.find(({ active }) => active) ?? null;
}

function reminder(body: string): object {
  return { id: "text", type: "sms", name: "Reminder", config: { body } };
}
