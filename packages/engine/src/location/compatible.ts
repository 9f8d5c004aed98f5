import { allOf, always, anyOf, type Condition, type Field } from "../conditions/ast.ts";
import { branchConditions } from "../conditions/branch-conditions.ts";
import { type FieldReader, fieldReader } from "../conditions/fields.ts";
import { readTriggerFilter } from "../conditions/read-condition.ts";
import { satisfiable, type Verdict } from "../conditions/solver.ts";
import { arrival } from "../graph/arrival.ts";
import { mustHold } from "../graph/must-hold.ts";
import { listOf, recordOf, textOf } from "../model/attributes.ts";
import type { Step, Trigger, TriggerCondition } from "../model/workflow.ts";
import type { Effect } from "./effects.ts";
import type { LocationAnalysis, Member } from "./location-view.ts";

/** A contact who stands at a step of a workflow, having come in by one of these triggers (null: handed over by another workflow). */
export interface Standing {
  readonly member: Member;
  readonly step: Step;
  readonly triggers: readonly Trigger[] | null;
}

export interface Compatibility {
  /** Can the contact, with the effect just done, pass the filter of the trigger? The row that hears the effect is not asked again. */
  readonly passes: (at: Standing, effect: Effect | null, trigger: Trigger) => Verdict;
  /** Can one and the same contact stand at all of these in the same moments? */
  readonly together: (places: readonly Standing[]) => Verdict;
  /** Can one event pass all these filters? Rows about the event itself are asked, too. */
  readonly shared: (triggers: readonly Trigger[]) => Verdict;
}

/** Long enough for what people build; a hostile filter is answered with "unknown". */
const SEARCH = { steps: 500 };

export const compatibility: LocationAnalysis<Compatibility> = ({ options }) => {
  const fields = fieldReader(options.location);
  const filters = new Map<Trigger, Condition>();
  const whole = new Map<Trigger, Condition>();
  const held = new Map<Step, readonly Held[]>();
  const filterOf = (trigger: Trigger) =>
    kept(filters, trigger, () =>
      readTriggerFilter(
        trigger.conditions.filter((row) => !isAboutEvent(row)),
        fields,
      ),
    );
  const wholeOf = (trigger: Trigger) =>
    kept(whole, trigger, () =>
      readTriggerFilter(
        trigger.conditions.filter(({ operator }) => !isChange(operator)),
        fields,
      ),
    );
  const heldAt = ({ member, step, triggers }: Standing): readonly Held[] => {
    const known = kept(held, step, () => holding(member, step, fields));
    if (triggers === null || triggers.length === 0 || member.view.derive(arrival)[step.index] !== 0) return known;
    const written = new Set(known.flatMap(({ writes }) => writes));
    const entry = anyOf(triggers.map(filterOf));
    return mentions(entry, written) ? known : [...known, { condition: entry, writes: [], tag: null }];
  };
  const decide = (given: readonly Condition[]): Verdict => {
    const conditions = given.filter((condition) => !isAlways(condition));
    return conditions.length === 0 ? "yes" : satisfiable(allOf(conditions), SEARCH).verdict;
  };
  return {
    passes(at, effect, trigger) {
      const filter = filterOf(trigger);
      if (isAlways(filter)) return "yes";
      const done = effect === null ? null : effectHeld(effect, fields);
      const written = new Set(done?.writes);
      const before = heldAt(at).filter(({ condition, tag }) =>
        // What is known of other tags stands.
        tag !== null && done?.tag != null ? tag !== done.tag : !mentions(condition, written),
      );
      return decide([filter, ...[...before, ...(done === null ? [] : [done])].map(({ condition }) => condition)]);
    },
    together: (places) => decide(places.flatMap(heldAt).map(({ condition }) => condition)),
    shared: (triggers) => decide(triggers.map(wholeOf)),
  };
};

function kept<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function isAlways(condition: Condition): boolean {
  return condition.kind === "all" && condition.of.length === 0;
}

/** Rows that say what must happen, not how the contact must be. */
function isAboutEvent({ field, operator, id }: TriggerCondition): boolean {
  if (isChange(operator) || id === "tag-added" || id === "tag-removed") return true;
  return eventFields.has(field);
}

function isChange(operator: string): boolean {
  return operator === "has-changed" || operator === "add-index-of-true";
}

const eventFields: ReadonlySet<string> = new Set([
  ...["tagsAdded", "tagsRemoved", "opportunity.pipelineStageId", "opportunity.stageId", "opportunity.status"],
  ...["appointment.status", "form.id", "survey.id", "link.id", "mailgun.event"],
]);

/** Something that is true at a step. */
interface Held {
  readonly condition: Condition;
  /** Keys of the fields that a step has just set. */
  readonly writes: readonly string[];
  /** The tag that the condition is about, and nothing else. */
  readonly tag: string | null;
}

/** Tags and branches that must hold at the step since the last pause. Older facts about what was written since are left out. */
function holding(member: Member, step: Step, fields: FieldReader): readonly Held[] {
  const conditionOf = member.view.derive(branchConditions);
  const found: Held[] = [];
  const written = new Set<string>();
  const tags = new Set<string>();
  for (let fact = member.view.derive(mustHold)(step); fact !== null; fact = fact.before) {
    if (fact.kind === "tag") {
      const tag = fact.tag.trim().toLowerCase();
      if (!tags.has(tag)) found.push(tagHeld(fields, tag, fact.present));
      tags.add(tag);
      written.add(TAGS);
    } else if (fact.kind === "field") written.add(fields.ofPath(fact.field).key);
    else if (fact.branch.condition !== null) {
      const condition = conditionOf(fact.branch);
      if (!mentions(condition, written)) found.push({ condition, writes: [], tag: null });
    }
  }
  for (const key of written) found.push({ condition: always, writes: [key], tag: null });
  return found;
}

const TAGS = "contact.tags";

/** What the effect makes true; null for an effect that says nothing of the contact. */
function effectHeld({ kind, value, step }: Effect, fields: FieldReader): Held | null {
  switch (kind) {
    case "tag-added":
    case "tag-removed":
      return tagHeld(fields, value.trim().toLowerCase(), kind === "tag-added");
    case "field": {
      const field = fields.ofPath(value);
      const row = listOf(step.attributes["fields"])
        .map(recordOf)
        .find((given) => given["field"] === value);
      const literal = textOf(row?.["value"]);
      const isKnown = literal !== "" && !literal.includes("{{") && field.shape === "single";
      return isKnown ? fieldHeld(field, literal) : { condition: always, writes: [field.key], tag: null };
    }
    case "stage":
      return fieldHeld(fields.ofPath("opportunity.pipelineStageId"), value);
    case "status":
      return fieldHeld(fields.ofPath("opportunity.status"), value);
    case "appointment-status":
      return fieldHeld(fields.ofPath("appointment.status"), value);
    default:
      return null;
  }
}

function fieldHeld(field: Field, value: string): Held {
  return { condition: equals(field, value), writes: [field.key], tag: null };
}

function equals(field: Field, value: string): Condition {
  const values = [value];
  return { kind: "atom", atom: { field, operator: "==", values, test: { kind: "equals", values } } };
}

function tagHeld(fields: FieldReader, tag: string, present: boolean): Held {
  const values = [tag];
  const test = { kind: present ? "includes" : "excludes", values } as const;
  const atom = { field: fields.ofPath("tags"), operator: "", values, test };
  return { condition: { kind: "atom", atom }, writes: [TAGS], tag };
}

/** Whether the condition asks for one of the fields. */
function mentions(condition: Condition, keys: ReadonlySet<string>): boolean {
  if (keys.size === 0) return false;
  const open: Condition[] = [condition];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "atom") {
      if (keys.has(node.atom.field.key)) return true;
    } else if ("of" in node) open.push(...node.of);
  }
  return false;
}
