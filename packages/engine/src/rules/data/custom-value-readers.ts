import { atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { mergeFieldsOf } from "../../text/merge-fields.ts";
import type { Analysis } from "../../view.ts";

const texts = ["body", "html", "subject", "message"];

/** Messages and decisions of the workflow by the custom value they read (its key in lower case). */
export const customValueReaders: Analysis<ReadonlyMap<string, ReadonlySet<Step>>> = (view) => {
  const readers = new Map<string, Set<Step>>();
  const add = (key: string, step: Step) => {
    const known = readers.get(key.toLowerCase());
    if (known === undefined) readers.set(key.toLowerCase(), new Set([step]));
    else known.add(step);
  };
  for (const step of view.stepsWith(Trait.send))
    for (const name of texts)
      for (const { path } of mergeFieldsOf(textOf(step.attributes[name])))
        if (/^custom_values\./i.test(path)) add(path.slice("custom_values.".length), step);
  const conditionOf = view.derive(branchConditions);
  for (const step of view.stepsWith(Trait.decide))
    for (const branch of step.branches)
      for (const { field } of branch.condition === null ? [] : atomsOf(conditionOf(branch)))
        if (field.kind === "custom-value") add(field.key.slice("custom-value.".length), step);
  return readers;
};
