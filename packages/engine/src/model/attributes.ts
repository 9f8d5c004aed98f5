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

/** Nothing a person would call filled in: absent, null, "", blanks only, an empty list or object. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.length < 1000 && value.trim() === "";
  if (Array.isArray(value)) return value.length === 0;
  return false;
}
