import { atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { decisions } from "../../conditions/decisions.ts";
import { arrival } from "../../graph/arrival.ts";
import { NEVER } from "../../graph/least-delay.ts";
import { mustHold } from "../../graph/must-hold.ts";
import { sinceLast } from "../../graph/since-last.ts";
import type { Member } from "../../location/location-view.ts";
import { wiring } from "../../location/wiring.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { texts } from "../../text/texts.ts";
import type { Analysis, View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Race {
  readonly first: Step;
  readonly second: Step;
  /** The field that is written and read back; null: an enrolment that is taken back. */
  readonly field: string | null;
  /** The workflow that is started and asks for the tag set beside. */
  readonly asks?: Member;
}

const MINUTE = 60;

export const sameSecondRace = defineRule<Race>({
  meta: {
    code: "TIME-010",
    id: "same-second-race",
    category: "timing",
    severity: "medium",
    scope: "W+L",
    title: "Two steps in one second that depend on each other",
    summary:
      "A contact is added to a workflow and taken out of all workflows, a field is written and a webhook reads it back, or (with the whole location given) a tag is set beside a hand-over to a workflow that asks for it at once, with less than a minute between.",
    why: "The log says done, and it is not: which step wins is a matter of milliseconds, now and then the wrong one.",
    fix: "Put a wait of one minute between the two steps.",
    sources: ["help article 48001218068 (race conditions: wait one minute)", "platform fact F22"],
  },
  sees: { types: ["add_to_workflow", "update_contact_field"] },
  partlyUnchecked: (view) =>
    view.around() === null &&
    view.stepsOfType("add_to_workflow").length > 0 &&
    view.stepsOfType("add_contact_tag").length > 0
      ? "whether a workflow that is started reads a tag added just before needs the other workflows"
      : null,
  *find(view) {
    yield* takenBack(view);
    yield* readBack(view);
    yield* askedElsewhere(view);
  },
  tell: ({ first, second, field, asks }) => ({
    message:
      asks !== undefined
        ? `${quoted(first)} and ${quoted(second)} happen in the same second, and ${quoted(asks.view.workflow)}, which is started, asks for that tag at once.`
        : field === null
          ? `${quoted(first)} puts the contact into a workflow and ${quoted(second)} takes them out again, in the same second.`
          : `${quoted(first)} writes the field "${field}" and ${quoted(second)} sends it on in the same second.`,
    impact:
      asks !== undefined
        ? "Some contacts are asked before they have the tag and take the wrong branch, and the log shows both steps as done."
        : field === null
          ? "Whether the contact is in that workflow afterwards depends on milliseconds. Some are, some are not, and the log shows both steps as done."
          : "Now and then the old value goes out, and the log shows both steps as done.",
    fix: `Put a wait of one minute between ${quoted(first)} and ${quoted(second)}.`,
    steps: [first, second],
    at: second,
    evidence: {
      first: first.id,
      second: second.id,
      secondsBetween: 0,
      reads: asks !== undefined ? "a tag" : (field ?? "the workflows that the contact is in"),
      ...(asks === undefined ? {} : { askedBy: asks.key }),
    },
    confidence: "likely",
  }),
  wrong: () => [
    { title: "handed over and taken out of everything", workflow: { actions: [add, removeAll()] } },
    { title: "also when this workflow stays", workflow: { actions: [add, removeAll({ includeCurrent: false })] } },
    {
      title: "taken out of the very workflow",
      workflow: { actions: [add, { id: "out", type: "remove_from_workflow", config: { workflow_id: ["nurture"] } }] },
    },
    {
      title: "ten seconds are not enough",
      workflow: { actions: [add, { id: "hold", type: "wait", config: { seconds: 10 } }, removeAll()] },
    },
    { title: "a field that is sent on at once", workflow: { actions: [write, hook("{{contact.score}}")] } },
  ],
  right: () => [
    {
      title: "a minute between",
      workflow: { actions: [add, { id: "hold", type: "wait", config: { minutes: 1 } }, removeAll()] },
    },
    {
      title: "out of another workflow",
      workflow: { actions: [add, { id: "out", type: "remove_from_workflow", config: { workflow_id: ["old"] } }] },
    },
    {
      title: "a minute before the field is read",
      workflow: { actions: [write, { id: "hold", type: "wait", config: { minutes: 1 } }, hook("{{contact.score}}")] },
    },
    { title: "another field is read", workflow: { actions: [write, hook("{{contact.email}}")] } },
    {
      title: "a tag beside an enrolment, when nothing says that it is read",
      workflow: { actions: [{ id: "tag", type: "add_tag", config: { tags: ["new"] } }, add] },
    },
  ],
});

function* takenBack(view: View): Generator<Race> {
  const enrolments = view.stepsOfType("add_to_workflow").filter((step) => !step.disabled);
  if (enrolments.length === 0) return;
  const removals = [...view.stepsOfType("remove_from_workflow"), ...view.stepsOfType("remove_from_all_workflows")];
  if (removals.length === 0) return;
  const sources = [...enrolments].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ index }) => index);
  const { seconds, from } = sinceLast(view.graph, sources, MINUTE);
  for (const second of removals) {
    const time = seconds[second.index] as number;
    if (second.disabled || time === NEVER || time >= MINUTE) continue;
    const first = view.workflow.steps[from[second.index] as number] as Step;
    if (removes(second, first)) yield { first, second, field: null };
  }
}

function removes({ type, attributes }: Step, enrolment: Step): boolean {
  if (type === "remove_from_all_workflows" || attributes["allWorkflows"] === true) return true;
  const targets = listOf(enrolment.attributes["workflow_id"]);
  return listOf(attributes["workflow_id"]).some((id) => targets.includes(id));
}

function* readBack(view: View): Generator<Race> {
  if (view.stepsOfType("update_contact_field").length === 0) return;
  const shared = view.derive(texts);
  if (shared.payloads.length === 0) return;
  const told = new Set<Step>();
  for (const text of shared.payloads) {
    if (text.step.disabled || told.has(text.step) || !text.step.type.endsWith("webhook")) continue;
    const read = new Set(shared.mergeFields(text).map(({ path }) => plain(path)));
    if (read.size === 0) continue;
    for (let fact = view.derive(mustHold)(text.step); fact !== null; fact = fact.before) {
      if (fact.kind !== "field" || !read.has(plain(fact.field))) continue;
      told.add(text.step);
      yield { first: fact.step, second: text.step, field: textOf(fact.field).slice(0, 60) };
      break;
    }
  }
}

function* askedElsewhere(view: View): Generator<Race> {
  const here = view.around();
  if (here === null || view.stepsOfType("add_contact_tag").length === 0) return;
  const { own } = here.location.derive(wiring);
  for (const { step, targets } of own[here.self.at]?.enrolments ?? []) {
    const { seconds } = sinceLast(view.graph, [step.index], MINUTE);
    for (const target of targets) {
      const asked = target.view.derive(tagsAskedAtOnce);
      if (asked.size === 0) continue;
      const before = tagJustSet(view, step, asked);
      const after = view
        .stepsOfType("add_contact_tag")
        .find(
          (one) =>
            !one.disabled && (seconds[one.index] as number) < MINUTE && tagsOf(one).some((tag) => asked.has(tag)),
        );
      if (before !== null) yield { first: before, second: step, field: null, asks: target };
      else if (after !== undefined) yield { first: step, second: after, field: null, asks: target };
    }
  }
}

function tagJustSet(view: View, step: Step, asked: ReadonlySet<string>): Step | null {
  for (let fact = view.derive(mustHold)(step); fact !== null; fact = fact.before)
    if (fact.kind === "tag" && asked.has(fact.tag.trim().toLowerCase())) return fact.step;
  return null;
}

function tagsOf({ attributes }: Step): readonly string[] {
  return listOf(attributes["tags"]).map((tag) => textOf(tag).trim().toLowerCase());
}

/** Tags that decisions ask for which a run reaches in the moment in which it starts. */
const tagsAskedAtOnce: Analysis<ReadonlySet<string>> = (view) => {
  const found = new Set<string>();
  const conditionOf = view.derive(branchConditions);
  for (const { step, named } of view.derive(decisions)) {
    if (view.derive(arrival)[step.index] !== 0) continue;
    for (const branch of named)
      for (const { field, values } of atomsOf(conditionOf(branch)))
        if (field.key === "contact.tags") for (const value of values) found.add(value.trim().toLowerCase());
  }
  return found;
};

function plain(path: string): string {
  return path
    .replace(/^contact\./, "")
    .replaceAll("_", "")
    .toLowerCase();
}

const add = { id: "add", type: "add_to_workflow", name: "Hand over", config: { workflow_id: "nurture" } };
const write = { id: "write", type: "update_field", config: { fields: [{ field: "score", value: "10" }] } };

function removeAll(more: object = {}): object {
  return { id: "out", type: "remove_from_workflow", config: { allWorkflows: true, workflow_id: [], ...more } };
}

function hook(value: string): object {
  return {
    id: "hook",
    type: "webhook",
    config: { method: "POST", url: "https://crm.acme.dental/in", customData: [{ key: "value", value }] },
  };
}
