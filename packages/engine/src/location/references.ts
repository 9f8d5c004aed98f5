import { asked } from "../conditions/asked.ts";
import { atomsOf, type Field } from "../conditions/ast.ts";
import { branchConditions, waitConditions } from "../conditions/branch-conditions.ts";
import { isCustomFieldId, isStandardContactField } from "../conditions/fields.ts";
import {
  conditionFields,
  opportunityFields,
  type ReferenceField,
  type ReferenceKind,
  referenceFields,
  triggerFields,
  userRoles,
} from "../domain/reference-fields.ts";
import { isBlank, isRecord, listOf, textOf } from "../model/attributes.ts";
import { pointerOf, settingPointer } from "../model/pointer.ts";
import { Trait } from "../model/traits.ts";
import type { Branch, Step, Trigger } from "../model/workflow.ts";
import { meaningOf } from "../text/merge-field-lookup.ts";
import { texts } from "../text/texts.ts";
import type { Analysis, View } from "../view.ts";

type Keys = readonly (string | number)[];

/** One place where the workflow names something of its location. */
export interface Reference {
  readonly kind: ReferenceKind;
  /** The id, name or key as stored; never a merge field, never blank. */
  readonly value: string;
  readonly owner: Step | Trigger;
  /** A step's setting, a trigger's filter row, a condition of a branch or wait, or a merge field in a text. */
  readonly place: "setting" | "filter" | "condition" | "text";
  /** The step makes what it names when it is not there. */
  readonly creates: boolean;
  readonly keys: Keys;
  readonly branch: Branch | null;
  /** A custom field of opportunities, not of contacts. */
  readonly ofDeal: boolean;
}

/**
 * Every user, tag, field, value, pipeline, stage, calendar, form, survey, template, trigger link, workflow, product, sheet and
 * number that settings, conditions and triggers name. Steps that are switched off name nothing. Standard fields of contacts and
 * opportunities, and users named by their role, are no references.
 */
export const references: Analysis<readonly Reference[]> = (view) => {
  const found = collection(false);
  inSettings(view, found);
  inConditions(view, found);
  inTriggers(view, found);
  return found.references;
};

/** The kinds of what is named at least once: all that a rule asks when it lacks the facts, and much less work. */
export const referenceKinds: Analysis<ReadonlySet<ReferenceKind>> = (view) => {
  const found = collection(true);
  inTriggers(view, found);
  inSettings(view, found);
  inConditions(view, found);
  return found.kinds;
};

/** What the filters of the triggers name. */
export const referencesOfTriggers: Analysis<readonly Reference[]> = (view) => {
  const found = collection(false);
  inTriggers(view, found);
  return found.references;
};

interface Collection {
  readonly references: Reference[];
  readonly kinds: Set<ReferenceKind>;
  /** The first of each kind is enough. */
  readonly kindsOnly: boolean;
}

function collection(kindsOnly: boolean): Collection {
  return { references: [], kinds: new Set(), kindsOnly };
}

function wants({ kindsOnly, kinds }: Collection, kind: ReferenceKind): boolean {
  return !kindsOnly || !kinds.has(kind);
}

/** The location's own fields, values and trigger links that merge fields in texts name. */
export const referencesInTexts: Analysis<readonly Reference[]> = (view) => {
  const found = collection(false);
  const shared = view.derive(texts);
  for (const text of shared.all) {
    if (text.step.disabled) continue;
    for (const { path, fault } of shared.mergeFields(text)) {
      if (fault !== null || path === "") continue;
      const kind = kindOfPath(path);
      if (kind === undefined) continue;
      const dot = path.indexOf(".");
      const ofDeal = path.slice(0, dot).toLowerCase() === "opportunity";
      add(found, kind, path.slice(dot + 1), { owner: text.step, place: "text", keys: text.keys, ofDeal });
    }
  }
  return found.references;
};

/** JSON Pointer of the setting, row or branch that holds the reference; null where the document says it in other words. */
export function referencePointer({ owner, keys, branch }: Reference): string | null {
  if (branch !== null) return pointerOf(branch);
  if ("traits" in owner) return settingPointer(owner, ...keys);
  return [pointerOf(owner), ...keys].join("/");
}

function inSettings(view: View, found: Collection): void {
  referenceFields.forEach((fields, type) => {
    for (const step of view.stepsOfType(type)) {
      const { attributes, disabled } = step;
      if (disabled) continue;
      // Most steps leave most of these settings blank.
      for (const field of fields)
        if (wants(found, field.kind) && !isBlank(attributes[field.keys[0] ?? ""]))
          followKeys(step, field, attributes, 0, [], found);
      if (attributes["__customInputFields__"] !== undefined) inOpportunityFields(step, found);
    }
  });
}

/** `keys` grow on the way down to what is stored. */
function followKeys(
  step: Step,
  field: ReferenceField,
  value: unknown,
  depth: number,
  keys: (string | number)[],
  found: Collection,
): void {
  const key = field.keys[depth];
  if (key === undefined) add(found, field.kind, value, { owner: step, place: "setting", keys, creates: field.creates });
  else if (key !== "*") {
    if (!isRecord(value)) return;
    keys.push(key);
    followKeys(step, field, value[key], depth + 1, keys, found);
    keys.pop();
  } else if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      keys.push(at);
      followKeys(step, field, value[at], depth + 1, keys, found);
      keys.pop();
    }
  } else followKeys(step, field, value, depth + 1, keys, found);
}

/** `{filterField, value}` rows: the row's name says what its value is, or is itself the id of a custom field. */
function inOpportunityFields(step: Step, found: Collection): void {
  listOf(step.attributes["__customInputFields__"]).forEach((row, at) => {
    if (!isRecord(row)) return;
    const name = textOf(row["filterField"]);
    const kind = opportunityFields.get(name);
    const keys = ["__customInputFields__", at, kind === undefined ? "filterField" : "value"];
    if (kind !== undefined) add(found, kind, row["value"], { owner: step, place: "setting", keys });
    else if (meaningOf(`opportunity.${name}`).kind !== "known" && !standardOpportunityFields.has(name))
      add(found, "custom field", name, { owner: step, place: "setting", keys, ofDeal: true });
  });
}

/** Names of the builder's own opportunity fields that differ from the merge fields. */
const standardOpportunityFields = new Set([
  "lostReasonId",
  "forecastExpectedCloseDate",
  "forecastProbability",
  "lastActionDate",
]);

function inConditions(view: View, found: Collection): void {
  if (!found.kindsOnly || view.derive(asked).fields.some((field) => wantsField(found, field))) inBranches(view, found);
  const awaited = view.derive(waitConditions);
  for (const step of view.stepsOfType("wait")) {
    const condition = awaited(step);
    if (condition !== null) ofCondition(condition, step, null, found);
  }
}

function wantsField(found: Collection, field: Field): boolean {
  const kind = kindOfField(field);
  return kind !== undefined && wants(found, kind);
}

function kindOfField({ key, kind }: Field): ReferenceKind | undefined {
  if (key.startsWith("custom:")) return "custom field";
  return kind === "custom-value" ? "custom value" : conditionFields.get(key);
}

function inBranches(view: View, found: Collection): void {
  const conditionOf = view.derive(branchConditions);
  for (const step of view.stepsWith(Trait.decide))
    for (const branch of step.branches)
      if (branch.condition !== null) ofCondition(conditionOf(branch), step, branch, found);
}

function ofCondition(
  condition: Parameters<typeof atomsOf>[0],
  step: Step,
  branch: Branch | null,
  found: Collection,
): void {
  const keys = branch === null ? ["condition"] : [];
  const place = { owner: step, place: "condition", keys, branch } as const;
  for (const { field, values } of atomsOf(condition)) {
    const kind = kindOfField(field);
    if (kind === undefined || !wants(found, kind)) continue;
    if (kind === "custom field")
      add(found, kind, field.key.slice("custom:".length), { ...place, ofDeal: field.kind === "opportunity" });
    else if (kind === "custom value") add(found, kind, field.key.slice("custom-value.".length), place);
    else for (const value of values) add(found, kind, value, place);
  }
}

function kindOfPath(path: string): ReferenceKind | undefined {
  const meaning = meaningOf(path);
  if (meaning.kind !== "unlisted") return undefined;
  if (meaning.root === "contact" || meaning.root === "opportunity") return "custom field";
  if (meaning.root === "custom_values") return "custom value";
  return meaning.root === "trigger_link" ? "trigger link" : undefined;
}

function inTriggers({ workflow }: View, found: Collection): void {
  for (const trigger of workflow.triggers ?? [])
    trigger.conditions.forEach(({ field, value }, at) => {
      const kind = triggerFields.get(field);
      const place = { owner: trigger, place: "filter", keys: ["conditions", at, "value"] } as const;
      if (kind !== undefined) for (const item of listOf(value)) add(found, kind, item, place);
      else if (field.startsWith("contact.") && isCustomFieldId(field.slice("contact.".length)))
        add(found, "custom field", field.slice("contact.".length), { ...place, keys: ["conditions", at, "field"] });
    });
}

interface Place {
  readonly owner: Step | Trigger;
  readonly place: Reference["place"];
  readonly keys: Keys;
  readonly branch?: Branch | null;
  readonly creates?: true | undefined;
  readonly ofDeal?: boolean;
}

/** The keys are copied: they may be those of a walk that goes on. */
function add(found: Collection, kind: ReferenceKind, stored: unknown, place: Place): void {
  const value = textOf(isRecord(stored) ? (stored["id"] ?? stored["value"]) : stored).trim();
  if (value === "" || value.includes("{{")) return;
  if (kind === "user" && userRoles.has(value.toLowerCase())) return;
  if (kind === "custom field" && place.place !== "text" && isStandardContactField(value)) return;
  found.kinds.add(kind);
  if (found.kindsOnly) return;
  found.references.push({
    kind,
    value,
    owner: place.owner,
    place: place.place,
    creates: place.creates === true,
    keys: place.keys.slice(),
    branch: place.branch ?? null,
    ofDeal: place.ofDeal === true,
  });
}
