import { straightLine } from "../../graph/straight-line.ts";
import type { Member } from "../../location/location-view.ts";
import { othersHearing } from "../../location/surroundings.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import { fieldWrites } from "../../model/field-writes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Cancelled {
  readonly first: Step;
  readonly second: Step;
  readonly kind: "tag" | "field";
  readonly name: string;
  /** A trigger of this workflow listens to the tag: the pair may be meant as a signal. */
  readonly heard: boolean;
  /** Other workflows that listen to it. */
  readonly heardBy: readonly Member[];
}

export const selfCancellingWrites = defineRule<Cancelled>({
  meta: {
    code: "DATA-004",
    id: "self-cancelling-writes",
    category: "data",
    severity: "medium",
    scope: "W+L",
    title: "A step undoes the one before it",
    summary:
      "A tag that is added and removed in the same second, or a field that is written twice, with nothing between that could read it.",
    why: "Nothing is left of the first step, and workflows that listen to the tag run all the same.",
    fix: "Delete the step that is not meant. If the tag is a signal for another workflow, use Add to Workflow.",
    sources: ["help article 48001213546 (Contact Tag trigger)", "reasoned"],
  },
  sees: { types: ["remove_contact_tag", "update_contact_field"] },
  *find(view) {
    yield* tagsUndone(view);
    yield* fieldsOverwritten(view);
  },
  tell({ first, second, kind, name, heard, heardBy }) {
    if (heardBy.length > 0) {
      const others = listed(heardBy.map(({ view }) => quoted(view.workflow)));
      return {
        message: `${quoted(first)} adds the tag "${name.slice(0, 60)}", and ${quoted(second)} takes it away in the same second: a signal to ${others}.`,
        impact: `Whoever takes one of the two for a mistake and deletes it changes what starts ${others}.`,
        fix: "Leave it if the signal is meant. Add to Workflow does the same and says so.",
        steps: [first, second],
        evidence: {
          tag: name.slice(0, 200),
          first: first.name,
          second: second.name,
          heardBy: heardBy.slice(0, 20).map(({ key }) => key),
        },
        severity: "info",
        confidence: "likely",
      };
    }
    return {
      message:
        kind === "tag"
          ? `${quoted(first)} adds the tag "${name.slice(0, 60)}", and ${quoted(second)} takes it away in the same second.`
          : `${quoted(second)} overwrites "${name.slice(0, 60)}", which ${quoted(first)} has just written; nothing reads it between.`,
      impact:
        kind === "tag"
          ? "The contact ends without the tag, and both tag triggers of the account fire for nothing."
          : "The first value is lost before anybody could see it.",
      fix:
        kind === "tag"
          ? "Delete one of the two, or put a wait between them if the tag should be seen."
          : "Delete the write that is not meant.",
      steps: [first, second],
      evidence: {
        [kind]: name.slice(0, 200),
        first: first.name,
        second: second.name,
        ...(heard ? { heardHere: true } : {}),
      },
      ...(heard ? { severity: "info" as const } : {}),
      confidence: kind === "tag" ? "likely" : "certain",
    };
  },
  wrong: () => [
    {
      title: "a tag comes and goes",
      workflow: exampleWorkflow([tag("a", "add_contact_tag"), tag("b", "remove_contact_tag")]),
    },
    {
      title: "with a step between that does not look",
      workflow: exampleWorkflow([
        tag("a", "add_contact_tag"),
        { id: "owner", type: "assign_user", attributes: { user_list: ["u1"] } },
        tag("b", "remove_contact_tag"),
      ]),
    },
    { title: "a field is written twice", workflow: exampleWorkflow([write("a", "Hot"), write("b", "Cold")]) },
  ],
  right: () => [
    {
      title: "a wait lets others see the tag",
      workflow: exampleWorkflow([
        tag("a", "add_contact_tag"),
        {
          id: "w",
          type: "wait",
          attributes: { type: "time", startAfter: { type: "minutes", value: 5, when: "after" } },
        },
        tag("b", "remove_contact_tag"),
      ]),
    },
    {
      title: "away and back again fires the trigger anew",
      workflow: exampleWorkflow([tag("a", "remove_contact_tag"), tag("b", "add_contact_tag")]),
    },
    {
      title: "another workflow is called between",
      workflow: exampleWorkflow([
        tag("a", "add_contact_tag"),
        { id: "c", type: "add_to_workflow", attributes: { workflow_id: "w2" } },
        tag("b", "remove_contact_tag"),
      ]),
    },
    {
      title: "a message reads the field between",
      workflow: exampleWorkflow([
        write("a", "Hot"),
        sms("m", "{{contact.mood}}. Reply STOP to unsubscribe"),
        write("b", "Cold"),
      ]),
    },
    {
      title: "the second value is built on the first",
      workflow: exampleWorkflow([write("a", "Hot"), write("b", "{{contact.mood}}, called")]),
    },
    {
      title: "other tags",
      workflow: exampleWorkflow([tag("a", "add_contact_tag"), tag("b", "remove_contact_tag", "other")]),
    },
  ],
});

/** Steps that may look at the contact, or start others who do. */
const READS = Trait.outbound | Trait.ai | Trait.integration;

function mayRead({ type, traits, disabled }: Step): boolean {
  if (disabled) return false;
  return (
    (traits & READS) !== 0 ||
    traits === 0 ||
    type === "add_to_workflow" ||
    type === "custom_code" ||
    type === "math_operation"
  );
}

function* tagsUndone(view: View): Iterable<Cancelled> {
  const removing = view.stepsOfType("remove_contact_tag");
  const adding = view.stepsOfType("add_contact_tag");
  if (removing.length === 0 || adding.length === 0) return;
  const removed = new Set<string>();
  for (const step of removing) for (const name of tagsOf(step)) removed.add(name);
  for (const first of adding) {
    if (first.disabled) continue;
    for (const name of tagsOf(first)) {
      if (!removed.has(name)) continue;
      for (const second of straightLine(view, first)) {
        if (mayRead(second)) break;
        if (second.disabled || second.type !== "remove_contact_tag" || !tagsOf(second).includes(name)) continue;
        yield { first, second, kind: "tag", name, heard: isHeard(name, view), heardBy: othersHearing(view, name) };
        break;
      }
    }
  }
}

function* fieldsOverwritten(view: View): Iterable<Cancelled> {
  const writes = view.derive(fieldWrites);
  const writers = new Map<string, Set<Step>>();
  for (const { field, step } of writes) {
    const known = writers.get(field);
    if (known === undefined) writers.set(field, new Set([step]));
    else known.add(step);
  }
  if (writers.size === writes.length) return;
  // Merge fields in a step's texts may read what was just written.
  const merging = new Set(view.derive(texts).merging.map(({ text }) => text.step));
  for (const { step: first, field, title } of writes) {
    const others = writers.get(field);
    if (others === undefined || others.size < 2) continue;
    for (const second of straightLine(view, first)) {
      if (mayRead(second) || merging.has(second)) break;
      if (!others.has(second)) continue;
      yield { first, second, kind: "field", name: title, heard: false, heardBy: [] };
      break;
    }
  }
}

function tagsOf({ attributes }: Step): readonly string[] {
  const tags: string[] = [];
  for (const tag of listOf(attributes["tags"])) {
    const name = textOf(tag).trim().toLowerCase();
    if (name !== "") tags.push(name);
  }
  return tags;
}

function isHeard(tag: string, view: View): boolean {
  return (view.workflow.triggers ?? []).some(
    ({ type, conditions }) =>
      type === "contact_tag" &&
      conditions.some(({ value }) => listOf(value).some((item) => textOf(item).trim().toLowerCase() === tag)),
  );
}

function tag(id: string, type: string, name = "hot") {
  return { id, type, name: `Step ${id}`, attributes: { tags: [name] } };
}

function write(id: string, value: string) {
  return {
    id,
    type: "update_contact_field",
    name: `Step ${id}`,
    attributes: { actionType: "update_field_data", fields: [{ field: "mood", title: "Mood", value }] },
  };
}
