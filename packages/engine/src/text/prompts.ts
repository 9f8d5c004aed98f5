import { promptKeys } from "../domain/ai-steps.ts";
import { textOf } from "../model/attributes.ts";
import { Trait } from "../model/traits.ts";
import type { Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import { type MergeField, mergeFieldsOf } from "./merge-fields.ts";

/** What a step gives to its model. */
export interface Prompt {
  readonly step: Step;
  /** All parts, one below the other. */
  readonly text: string;
  /** Well-formed merge fields of all parts; their places are those in `text`. */
  readonly fields: readonly MergeField[];
}

/** A prompt is cut here: what stands further behind changes nothing about the rules' questions. */
const LONGEST = 50_000;

/** The prompts of all AI steps that are switched on, in document order. */
export const prompts: Analysis<readonly Prompt[]> = (view) =>
  view.stepsWith(Trait.ai).flatMap((step) => {
    const keys = promptKeys.get(step.type);
    if (keys === undefined || step.disabled) return [];
    const parts = keys.map((key) => textOf(step.attributes[key])).filter((part) => part !== "");
    const text = parts.join("\n").slice(0, LONGEST);
    return [{ step, text, fields: mergeFieldsOf(text).filter(({ fault, path }) => fault === null && path !== "") }];
  });
