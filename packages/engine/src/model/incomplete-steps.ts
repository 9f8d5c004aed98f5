import { type RequiredSetting, requiredSettings } from "../domain/required-settings.ts";
import type { Analysis } from "../view.ts";
import { isBlank, isRecord, listOf, recordOf, textOf } from "./attributes.ts";
import { type Attributes, type Branch, END, type Step } from "./workflow.ts";

/** A step without something that it needs to work. */
export interface IncompleteStep {
  readonly step: Step;
  /** What to fill, in the builder's words. */
  readonly labels: readonly string[];
  /** Where it is stored. */
  readonly keys: readonly string[];
}

/** Operators that compare with a value: a row without one can never hold. */
const NEEDS_VALUE: ReadonlySet<string> = new Set(["==", "!=", "contain", "is", "index-of-true", ">", ">=", "<", "<="]);

/** Every step that is switched on and lacks a setting of its type, or a value in a condition. */
export const incompleteSteps: Analysis<readonly IncompleteStep[]> = ({ workflow }) => {
  const stored = workflow.format === "builder";
  const plans = plansByType();
  const found: IncompleteStep[] = [];
  const { steps } = workflow;
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] as Step;
    const { type, attributes, branches } = step;
    if (step.disabled || (type === "goto" && (step.jump !== END || step.missingJump !== null))) continue;
    const plan = plans.get(type);
    const lacks = plan === undefined ? null : lackingOf(plan, attributes, stored);
    const empty = branches.length === 0 ? null : withEmptyRow(branches);
    if (lacks === null && empty === null) continue;
    const labels = (lacks ?? []).map(({ label }) => label);
    const keys = (lacks ?? []).map(({ anyOf }) => anyOf[0] ?? "");
    for (const { name } of empty ?? []) {
      labels.push(`a value in the condition of the branch "${name.slice(0, 60)}"`);
      keys.push("conditionValue");
    }
    found.push({ step, labels, keys });
  }
  return found;
};

/** A setting with its paths taken apart once, not per step. */
interface Plan {
  readonly setting: RequiredSetting;
  readonly paths: readonly (readonly string[])[];
  readonly when: readonly string[] | null;
}

let plans: ReadonlyMap<string, readonly Plan[]> | null = null;

function plansByType(): ReadonlyMap<string, readonly Plan[]> {
  plans ??= new Map([...requiredSettings].map(([type, settings]) => [type, settings.map(planOf)]));
  return plans;
}

function planOf(setting: RequiredSetting): Plan {
  return {
    setting,
    paths: setting.anyOf.map((path) => path.split(".")),
    when: setting.when?.path.split(".") ?? null,
  };
}

function lackingOf(plan: readonly Plan[], attributes: Attributes, stored: boolean): readonly RequiredSetting[] | null {
  let lacking: RequiredSetting[] | null = null;
  for (const one of plan) {
    if (!applies(one, attributes) || isPresent(one, attributes, stored)) continue;
    lacking ??= [];
    lacking.push(one.setting);
  }
  return lacking;
}

function valueAt(attributes: Attributes, path: readonly string[]): unknown {
  let value: unknown = attributes;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return value;
}

function applies({ setting, when }: Plan, attributes: Attributes): boolean {
  return when === null || setting.when?.is.includes(textOf(valueAt(attributes, when))) === true;
}

function isPresent({ setting, paths }: Plan, attributes: Attributes, stored: boolean): boolean {
  for (const path of paths) {
    const value = valueAt(attributes, path);
    if (isBlank(value) || value === false) continue;
    if (setting.list === true && stored && typeof value === "string") continue;
    return true;
  }
  return false;
}

function withEmptyRow(branches: readonly Branch[]): readonly Branch[] | null {
  let found: Branch[] | null = null;
  for (const branch of branches) {
    if (!hasEmptyRow(branch.condition)) continue;
    found ??= [];
    found.push(branch);
  }
  return found;
}

function hasEmptyRow(condition: Attributes | null): boolean {
  if (condition === null) return false;
  const groups = listOf(condition["segments"]);
  if (groups.length === 0) return listOf(condition["conditions"]).some(isEmptyRow);
  for (const group of groups) if (listOf(recordOf(group)["conditions"]).some(isEmptyRow)) return true;
  return false;
}

function isEmptyRow(row: unknown): boolean {
  if (!isRecord(row) || !isBlank(row["conditionValue"])) return false;
  return NEEDS_VALUE.has(textOf(row["conditionOperator"])) && isBlank(row["conditionValueOperator"]);
}
