/** Reading settings that may be anything: each function answers with the wanted shape or its empty value, and never throws. */
import type { Attributes } from "./workflow.ts";

export const EMPTY: Attributes = Object.freeze({});
const NOTHING: readonly unknown[] = Object.freeze([]);

export function isRecord(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): Attributes {
  return isRecord(value) ? value : EMPTY;
}

/** A list as it is; a single value as a list of one; nothing (`""`, null, absent) as an empty list. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === "" ? NOTHING : [value];
}

/** A string or number as text; anything else as "". */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : "";
}

/** Longer names and ids are nobody's; a report repeats them, so they are bounded. */
export const LONGEST_NAME = 200;

/** A name to show: without blanks around it, at most 200 characters; "" when there is none. */
export function nameOf(value: unknown): string {
  const text = textOf(value);
  return text.length <= LONGEST_NAME ? text.trim() : `${text.slice(0, LONGEST_NAME - 1).trim()}…`;
}

/** An id that a report can carry; null when there is none, or it is longer than any id. */
export function idOf(value: unknown): string | null {
  const id = textOf(value);
  return id === "" || id.length > LONGEST_NAME ? null : id;
}

/** A finite number, also from text such as "15"; NaN otherwise. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value !== "string" || value.length > 32 || value.trim() === "") return Number.NaN;
  const number = Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}

/** true or false, also from the text "true" / "false"; null when the document does not say. */
export function booleanOf(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : null;
}

/** A plain letter, digit or sign: most texts say with their first character that they are not blank. */
function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** Nothing a person would call filled in: absent, null, "", blanks only, an empty list or object. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string")
    return value === "" || (!isVisible(value.charCodeAt(0)) && value.length < 1000 && value.trim() === "");
  if (Array.isArray(value)) return value.length === 0;
  return false;
}
