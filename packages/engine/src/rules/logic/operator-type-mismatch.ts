import { type Atom, atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { describeAtom } from "../../conditions/words.ts";
import { type CustomFieldFact, needsFacts, type PipelineFact } from "../../location/location.ts";
import { Trait } from "../../model/traits.ts";
import type { Branch, Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { listed, placeOfBranch, quoted } from "../places.ts";
import { defineRule } from "../rule.ts";
import { contactRow, exampleDecision, row } from "./example-workflow.ts";

interface Mismatch {
  readonly step: Step;
  readonly branch: Branch;
  readonly atom: Atom;
  readonly kind: "compares-text" | "no-such-option" | "label-for-id";
  readonly type: string;
  readonly options: readonly string[];
  readonly value: string;
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
      "A number or date comparison on a text field, a value that is none of a dropdown's options, or a stage's name where its id is needed.",
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
  tell({ step, branch, atom, kind, type, options, value }) {
    const reasons = {
      "compares-text": `compares ${atom.field.label}, which is a text field, as a number or date`,
      "no-such-option": `asks for "${value.slice(0, 60)}", which is none of the options of ${atom.field.label} (${listed(options.map((name) => quoted({ name })))})`,
      "label-for-id": `asks for the stage by its name "${value.slice(0, 60)}", but stages are compared by their id`,
    };
    return {
      message: `The branch ${quoted(branch)} of ${quoted(step)} ${reasons[kind]}.`,
      impact: "The branch is never taken, whoever comes here.",
      fix: `Open ${quoted(step)} and pick the field and the value in ${quoted(branch)} again.`,
      steps: [step, ...placeOfBranch(branch)],
      at: step,
      hangsOn: [step.id, branch.id ?? branch.name, atom.field.key],
      evidence: { condition: describeAtom(atom), fieldType: type, options: options.slice(0, 20), value },
      // Text fields may well hold numbers.
      confidence: kind === "compares-text" ? "possible" : "certain",
    };
  },
  wrong: () => [
    { title: "more than 1,000 in a text field", workflow: asks(contactRow(BUDGET, ">", "1000")), options: facts },
    { title: "an option that was renamed", workflow: asks(contactRow(SERVICE, "==", "Roofing")), options: facts },
    {
      title: "a stage by its name",
      workflow: asks(row("opportunities", "pipelineStageId", "==", "Proposal")),
      options: facts,
    },
  ],
  right: () => [
    { title: "a number field", workflow: asks(contactRow(AGE, ">", "18")), options: facts },
    { title: "one of the options", workflow: asks(contactRow(SERVICE, "==", "Roof")), options: facts },
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
): Pick<Mismatch, "kind" | "type" | "options" | "value"> | null {
  const known = fields.get(field.key);
  if (known !== undefined) {
    const options = known.options ?? [];
    if (test.kind === "range" && TEXTS.has(known.type) && options.length === 0)
      return { kind: "compares-text", type: known.type, options, value: "" };
    if (options.length === 0 || !("values" in test) || !asksForOption.has(test.kind)) return null;
    const names = new Set(options.map(plain));
    const value = test.values.find((one) => !names.has(plain(one)));
    return value === undefined ? null : { kind: "no-such-option", type: known.type, options, value };
  }
  if (!/pipelinestageid$/i.test(field.key) || !("values" in test)) return null;
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  const ids = new Set(stages.map(({ id }) => id));
  const value = test.values.find((one) => !ids.has(one) && stages.some(({ name }) => plain(name) === plain(one)));
  if (value === undefined) return null;
  return { kind: "label-for-id", type: "stage", options: stages.map(({ name }) => name), value };
}

const asksForOption: ReadonlySet<string> = new Set(["equals", "includes", "includes-any", "includes-all"]);

function plain(value: string): string {
  return value.trim().toLowerCase();
}

const BUDGET = "BudgetBudgetBudget01";
const SERVICE = "ServiceServiceServi1";
const AGE = "AgeAgeAgeAgeAgeAge01";
const facts = {
  facts: {
    customFields: [
      { id: BUDGET, key: "contact.budget", name: "Budget", type: "TEXT" },
      { id: SERVICE, key: "contact.service", name: "Service", type: "SINGLE_OPTIONS", options: ["Roof", "Gutter"] },
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
