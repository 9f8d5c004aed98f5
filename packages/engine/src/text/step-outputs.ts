import { dominators } from "../graph/dominators.ts";
import { numberOf } from "../model/attributes.ts";
import type { Step } from "../model/workflow.ts";
import type { Analysis, View } from "../view.ts";
import { meaningOf } from "./merge-field-lookup.ts";
import type { MergeField } from "./merge-fields.ts";
import { type StepText, texts } from "./texts.ts";

/**
 * Why a step's output is not there where it is used. `missing`: no such step; `later`: it runs only behind; `other-way`: some runs
 * come here without it.
 */
export type OutputFault = "missing" | "later" | "other-way";

/** A merge field that reads the output of a step, such as `{{chatgpt.1.response}}`. */
export interface OutputUse {
  readonly text: StepText;
  readonly field: MergeField;
  /** Type of the steps that can be meant. */
  readonly stepType: string;
  /** The number that the field names. */
  readonly number: number;
  /** The step that is meant; null when there is none, or several could be. */
  readonly producer: Step | null;
  /** null: fine, or nothing is known (the document gives its steps no numbers). */
  readonly fault: OutputFault | null;
}

/** Every use of a step's output in a text of a step that is switched on, with the step that it reads. */
export const outputUses: Analysis<readonly OutputUse[]> = (view) => {
  const { paths, merging } = view.derive(texts);
  const outputs = new Map([...paths].flatMap((path) => outputOf(path)));
  if (outputs.size === 0) return [];
  const uses: OutputUse[] = [];
  for (const { text, fields } of merging) {
    if (text.step.disabled) continue;
    for (const field of fields) {
      const output = field.fault === null ? outputs.get(field.path) : undefined;
      if (output !== undefined) uses.push({ text, field, ...output, ...resolve(view, text.step, output) });
    }
  }
  return uses;
};

type Output = Pick<OutputUse, "stepType" | "number">;

function outputOf(path: string): readonly (readonly [string, Output])[] {
  const meaning = meaningOf(path);
  if (meaning.kind !== "step-output" || meaning.number === null) return [];
  return [[path, { stepType: meaning.stepType, number: meaning.number }]];
}

function resolve(view: View, user: Step, { stepType, number }: Output): Pick<OutputUse, "producer" | "fault"> {
  const candidates = producersOf(view, stepType);
  if (candidates.length === 0) return { producer: null, fault: "missing" };
  const numbered = candidates.filter((step) => !Number.isNaN(indexOf(step)));
  if (numbered.length === 0) {
    const [only] = candidates;
    return { producer: candidates.length === 1 && only !== undefined ? only : null, fault: null };
  }
  const producer = numbered.find((step) => indexOf(step) === number) ?? null;
  if (producer === null) return { producer: null, fault: "missing" };
  const { dominates, order } = view.derive(dominators);
  // Nothing is said of a step that no run reaches.
  if ((order[user.index] as number) < 0 || (producer !== user && dominates(producer.index, user.index)))
    return { producer, fault: null };
  return { producer, fault: producer === user || dominates(user.index, producer.index) ? "later" : "other-way" };
}

/** Steps of a type that are switched on: a step that is skipped has no output. */
export function producersOf(view: View, type: string): readonly Step[] {
  return view.stepsOfType(type).filter(({ disabled }) => !disabled);
}

/** The step's number in merge fields; NaN when the document gives none. */
export function indexOf({ raw }: Step): number {
  return numberOf(raw["stepIndex"]);
}
