import { settingPointer } from "../../model/pointer.ts";
import type { JsonPatchOperation } from "../../report/types.ts";
import { meaningOf } from "../../text/merge-field-lookup.ts";
import { type MergeField, replaceFields } from "../../text/merge-fields.ts";
import type { StepText } from "../../text/texts.ts";

/** A merge field and the token to put in its place. */
export interface MergeFieldEdit {
  readonly field: MergeField;
  readonly token: string;
}

/** A patch that writes the tokens into the text; null when the text's place in the document is not known. */
export function rewriteFields(text: StepText, edits: readonly MergeFieldEdit[]): readonly JsonPatchOperation[] | null {
  const path = settingPointer(text.step, ...text.keys);
  if (path === null || edits.length === 0) return null;
  const written = edits.map(({ field, token }) => ({ start: field.start, end: field.end, token }));
  return [{ op: "replace", path, value: replaceFields(text.value, written, ({ token }) => token) }];
}

/** Fields that need no other record than the contact: writing one can add no new fault. */
export function isAlwaysThere(path: string): boolean {
  const meaning = meaningOf(path);
  if (meaning.kind !== "known" || meaning.rootFacts === null) return false;
  const { context } = meaning.rootFacts;
  return context === null || context === "contact";
}

/** "the subject", "the text": where a contact or the team reads it. */
export function textInWords({ role, keys }: StepText): string {
  if (role === "subject" || keys.at(-1) === "subject") return "the subject";
  return role === "message" || role === "internal" ? "the text" : `the setting "${String(keys[0] ?? "").slice(0, 40)}"`;
}

const LONGEST_SHOWN = 60;

/** A span of the text for a sentence or a figure. */
export function spanOf(text: StepText, { start, end }: { readonly start: number; readonly end: number }): string {
  const span = text.value.slice(start, Math.min(end, start + LONGEST_SHOWN));
  return end - start > LONGEST_SHOWN ? `${span}…` : span;
}
