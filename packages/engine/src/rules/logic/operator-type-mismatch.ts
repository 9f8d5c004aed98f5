import { type Atom, atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { fieldReader } from "../../conditions/fields.ts";
import { readRow, text } from "../../conditions/read-row.ts";
import { type StoredRow, storedRows } from "../../conditions/stored-rows.ts";
import { describeAtom } from "../../conditions/words.ts";
import { type FieldOption, fieldOptions, namingOf } from "../../location/field-options.ts";
import { type CustomFieldFact, needsFacts, type PipelineFact } from "../../location/location.ts";
import { isRecord } from "../../model/attributes.ts";
import { sameSettings } from "../../model/same-settings.ts";
import { Trait } from "../../model/traits.ts";
import type { Branch, Step } from "../../model/workflow.ts";
import type { Confidence, JsonPatchOperation } from "../../report/types.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";
import { contactRow, exampleDecision, row } from "./example-workflow.ts";

interface Mismatch {
  readonly step: Step;
  readonly branch: Branch;
  readonly atom: Atom;
  readonly kind: "compares-text" | "no-such-option" | "label-for-id" | "misspelt";
  readonly type: string;
  readonly options: readonly string[];
  readonly value: string;
  /** The id behind each label of the row; null when it is not certain what is meant. */
  readonly meant: ReadonlyMap<string, string> | null;
}

export const operatorTypeMismatch = defineRule<Mismatch>({
  meta: {
    code: "LOGIC-008",
    id: "operator-type-mismatch",
    category: "logic",
    severity: "medium",
    scope: "F",
    title: "A condition that does not fit its field",
    summary:
      "A number or date comparison on a text field, a value that is none of a dropdown's options, the name of an option or a stage where its id is needed, or a field of a deal in a spelling that HighLevel does not know.",
    why: "The branch never matches, often since a field or an option was renamed.",
    fix: "Pick the field and the value again.",
    sources: ["help article 155000002471 (If/Else)", "platform fact F17"],
  },
  sees: { traits: Trait.decide },
  unchecked: ({ options: { location } }) =>
    location.knows("customFields") || location.knows("pipelines")
      ? null
      : needsFacts(location, ["customFields", "pipelines"]),
  *find(view) {
    const conditionOf = view.derive(branchConditions);
    const fields = customFieldsOf(view);
    for (const step of view.stepsWith(Trait.decide)) {
      for (const branch of step.branches) {
        if (branch.condition === null) continue;
        for (const atom of atomsOf(conditionOf(branch))) {
          const found = mismatchOf(atom, fields, view.options.location.all("pipelines"));
          if (found !== null) yield { step, branch, atom, ...found };
        }
      }
    }
  },
  tell({ step, branch, atom, kind, type, options, value, meant }) {
    const reasons = {
      "compares-text": `compares ${atom.field.label}, which is a text field, as a number or date`,
      "no-such-option": `asks for "${value.slice(0, 60)}", which is none of the options of ${atom.field.label} (${listed(options.map((name) => quoted({ name })))})`,
      "label-for-id": `asks for the ${type === "stage" ? "stage" : `option of ${atom.field.label}`} by its name "${value.slice(0, 60)}", but ${type === "stage" ? "stages" : "its options"} are compared by their id`,
      misspelt: `stores ${atom.field.label} in a spelling that HighLevel does not know`,
    };
    return {
      message: `The branch ${quoted(branch)} of ${quoted(step)} ${reasons[kind]}.`,
      impact: "The branch is never taken, whoever comes here.",
      fix: `Open ${quoted(step)} and pick the field and the value in ${quoted(branch)} again.`,
      steps: [step, ...placeOfBranch(branch)],
      at: step,
      hangsOn: [step.id, branch.id ?? branch.name, atom.field.key],
      evidence: {
        condition: describeAtom(atom),
        fieldType: type,
        options: options.slice(0, 20),
        value,
        ...(meant === null || meant.size === 0 ? {} : { ids: [...meant.values()].slice(0, 20) }),
        ...(atom.field.meant === undefined ? {} : { spelling: atom.field.meant }),
      },
      confidence: confidenceOf(kind, type),
    };
  },
  mend({ step, branch, atom, meant }, view) {
    if (meant === null) return null;
    const fields = fieldReader(view.options.location);
    const operations = storedRows(step, branch).flatMap((stored): readonly JsonPatchOperation[] => {
      const read = readRow(stored.row, fields);
      return read.kind === "atom" && sameSettings(read.atom, atom)
        ? [...respelt(stored, read.atom), ...replaced(stored, meant)]
        : [];
    });
    return operations.length === 0 ? null : operations;
  },
  wrong: () => [
    { title: "more than 1,000 in a text field", workflow: asks(contactRow(BUDGET, ">", "1000")), options: facts },
    { title: "an option that was renamed", workflow: asks(contactRow(SERVICE, "==", "Roofing")), options: facts },
    {
      title: "a stage by its name",
      workflow: asks(row("opportunities", "pipelineStageId", "==", "Proposal")),
      options: facts,
    },
    { title: "an option by its label", workflow: asks(contactRow(PLAN, "==", "Gold")), options: facts },
    {
      title: "several options by their labels",
      workflow: asks(contactRow(PLAN, "is-any-of", ["p-1", "Silver", "gold"])),
      options: facts,
    },
    { title: "a label that two options share", workflow: asks(contactRow(PLAN, "==", "Trial")), options: facts },
    {
      title: "a deal in the singular",
      workflow: asks(row("opportunity", "pipelineStageId", "==", "stage-2")),
      options: facts,
    },
    {
      title: "a stage in snake case, and by its name",
      workflow: asks(row("opportunities", "pipeline_stage_id", "==", "Proposal")),
      options: facts,
    },
  ],
  right: () => [
    { title: "a number field", workflow: asks(contactRow(AGE, ">", "18")), options: facts },
    { title: "one of the options", workflow: asks(contactRow(SERVICE, "==", "Roof")), options: facts },
    { title: "an option by its id", workflow: asks(contactRow(PLAN, "==", "p-2")), options: facts },
    {
      title: "an option by what may be its key, while only the labels are known",
      workflow: asks(contactRow(SERVICE, "==", "roof_repair")),
      options: facts,
    },
    {
      title: "a deal as the builder spells it",
      workflow: asks(row("opportunities", "status", "==", "won")),
      options: facts,
    },
    {
      title: "a plain document names the field in its own words",
      workflow: asksPlainly({ field: "opportunity.pipeline_stage_id", operator: "is", value: "stage-2" }),
      options: facts,
    },
    { title: "whatever its case", workflow: asks(contactRow(SERVICE, "==", "roof")), options: facts },
    {
      title: "a stage by its id",
      workflow: asks(row("opportunities", "pipelineStageId", "==", "stage-2")),
      options: facts,
    },
    {
      title: "a stage that no pipeline has is another rule's",
      workflow: asks(row("opportunities", "pipelineStageId", "==", "stage-9")),
      options: facts,
    },
    {
      title: "a value from another field",
      workflow: asks(contactRow(SERVICE, "==", "{{contact.wish}}")),
      options: facts,
    },
    {
      title: "a free text that is asked for by its words",
      workflow: asks(contactRow(BUDGET, "contains", "1000")),
      options: facts,
    },
    { title: "without facts nothing is known", workflow: asks(contactRow(BUDGET, ">", "1000")) },
  ],
});

const TEXTS: ReadonlySet<string> = new Set(["TEXT", "LARGE_TEXT", "TEXTBOX_LIST", "EMAIL", "SINGLE_OPTIONS"]);

function customFieldsOf({ options }: View): ReadonlyMap<string, CustomFieldFact> {
  return new Map(options.location.all("customFields").map((field) => [`custom:${field.id ?? field.key}`, field]));
}

function mismatchOf(
  { field, test }: Atom,
  fields: ReadonlyMap<string, CustomFieldFact>,
  pipelines: readonly PipelineFact[],
): Pick<Mismatch, "kind" | "type" | "options" | "value" | "meant"> | null {
  const known = fields.get(field.key);
  if (known !== undefined) {
    const { type, options = [] } = known;
    if (test.kind === "range" && TEXTS.has(type) && options.length === 0)
      return { kind: "compares-text", type, options, value: "", meant: null };
    if (options.length > 0 && "values" in test && asksForOption.has(test.kind)) {
      const { unknown, label, meant } = namesIn(test.values, fieldOptions(known));
      if (unknown !== null) return { kind: "no-such-option", type, options, value: unknown, meant: null };
      if (label !== null) return { kind: "label-for-id", type, options, value: label, meant };
    }
  } else if ("values" in test && /pipelinestageid$/i.test(field.key)) {
    const stages = pipelines.flatMap((pipeline) => pipeline.stages);
    const byName = stages.map(({ id, name }) => ({ id, label: name }));
    const { label, meant } = namesIn(test.values, byName);
    const options = stages.map(({ name }) => name);
    if (label !== null) return { kind: "label-for-id", type: "stage", options, value: label, meant };
  }
  return field.meant === undefined
    ? null
    : { kind: "misspelt", type: field.kind, options: [], value: "", meant: new Map() };
}

/** The first value that names none of the options, the first that is a label where ids are stored, and what the labels mean. */
function namesIn(values: readonly string[], options: readonly FieldOption[]) {
  let unknown: string | null = null;
  let label: string | null = null;
  const meant = new Map<string, string>();
  let certain = true;
  for (const value of values) {
    const naming = namingOf(value, options);
    if (naming.kind === "none") unknown ??= value;
    if (naming.kind !== "label") continue;
    label ??= value;
    if (naming.meant === null) certain = false;
    else meant.set(value, naming.meant);
  }
  return { unknown, label, meant: certain ? meant : null };
}

function confidenceOf(kind: Mismatch["kind"], type: string): Confidence {
  // Text fields may well hold numbers.
  if (kind === "compares-text") return "possible";
  // That an option's label never fits, nor the spelling, is told by users, not by HighLevel.
  return kind === "misspelt" || (kind === "label-for-id" && type !== "stage") ? "likely" : "certain";
}

function respelt({ row: stored, pointer }: StoredRow, { field: { meant } }: Atom): readonly JsonPatchOperation[] {
  if (meant === undefined) return [];
  const operations: JsonPatchOperation[] = [];
  if (stored["conditionType"] !== meant.type)
    operations.push({ op: "replace", path: `${pointer}/conditionType`, value: meant.type });
  if (stored["conditionSubType"] !== meant.subType)
    operations.push({ op: "replace", path: `${pointer}/conditionSubType`, value: meant.subType });
  return operations;
}

/** Puts the ids in the place of the labels; a picker may store a value as text or as `{value}`. */
function replaced(
  { row: stored, pointer }: StoredRow,
  meant: ReadonlyMap<string, string>,
): readonly JsonPatchOperation[] {
  const key = (stored["conditionValue"] ?? null) === null ? "value" : "conditionValue";
  const given = stored[key];
  const items: readonly (readonly [string, unknown])[] = Array.isArray(given)
    ? given.map((item: unknown, at) => [`${pointer}/${key}/${at}`, item])
    : [[`${pointer}/${key}`, given]];
  return items.flatMap(([path, item]): readonly JsonPatchOperation[] => {
    const value = meant.get(text(isRecord(item) ? item["value"] : item) ?? "");
    return value === undefined ? [] : [{ op: "replace", path: isRecord(item) ? `${path}/value` : path, value }];
  });
}

const asksForOption: ReadonlySet<string> = new Set(["equals", "includes", "includes-any", "includes-all"]);

const BUDGET = "BudgetBudgetBudget01";
const SERVICE = "ServiceServiceServi1";
const PLAN = "PlanPlanPlanPlanPla1";
const AGE = "AgeAgeAgeAgeAgeAge01";
const facts = {
  facts: {
    customFields: [
      { id: BUDGET, key: "contact.budget", name: "Budget", type: "TEXT" },
      {
        id: SERVICE,
        key: "contact.service",
        name: "Service",
        type: "SINGLE_OPTIONS",
        options: ["Roof", "Roof repair", "Gutter"],
      },
      {
        id: PLAN,
        key: "contact.plan",
        name: "Plan",
        type: "SINGLE_OPTIONS",
        options: ["Gold", "Silver", "Trial", "Trial"],
        optionIds: ["p-1", "p-2", "p-3", "p-4"],
      },
      { id: AGE, key: "contact.age", name: "Age", type: "NUMERICAL" },
    ],
    pipelines: [
      {
        id: "sales",
        name: "Sales",
        stages: [
          { id: "stage-1", name: "New" },
          { id: "stage-2", name: "Proposal" },
        ],
      },
    ],
  },
};

function asks(condition: unknown): unknown {
  return exampleDecision("Which?", [{ name: "Yes", rows: [condition] }], undefined, [{ type: "opportunity_created" }]);
}

function asksPlainly(condition: unknown): unknown {
  return {
    triggers: [{ type: "opportunity_created", active: true }],
    actions: [
      { id: "ask", type: "condition", branches: [{ name: "Yes", next: "text", conditions: [condition] }] },
      { id: "text", type: "sms", config: { body: "Hi" } },
    ],
  };
}
