import type { JsonPatchOperation } from "./types.ts";

/** A report tells about texts; it does not repeat them, however long a hostile document makes them. */
const LONGEST_WORDS = 2_000;
const LONGEST_FIGURE = 1_000;
const LONGEST_SUGGESTION = 200_000;

/** A sentence of a finding. */
export function boundedWords(text: string): string {
  return cut(text, LONGEST_WORDS);
}

/** A rule's figures with every text in them cut. The same object when nothing is too long. */
export function boundedFigures(evidence: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return isBounded(evidence) ? evidence : (shortened(evidence) as Readonly<Record<string, unknown>>);
}

/** A suggestion that would carry whole books is none. */
export function boundedSuggestion(
  operations: readonly JsonPatchOperation[] | null,
): readonly JsonPatchOperation[] | null {
  if (operations === null || operations.length === 0) return null;
  return isBounded(operations, LONGEST_SUGGESTION) ? operations : null;
}

function isBounded(value: unknown, longest = LONGEST_FIGURE): boolean {
  if (typeof value === "string") return value.length <= longest;
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) if (!isBounded(value[at], longest)) return false;
    return true;
  }
  for (const key of Object.keys(value))
    if (key.length > longest || !isBounded((value as Record<string, unknown>)[key], longest)) return false;
  return true;
}

function shortened(value: unknown): unknown {
  if (typeof value === "string") return cut(value, LONGEST_FIGURE);
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cut(key, LONGEST_FIGURE), shortened(inner)]));
}

/** Never half of a pair. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const last = text.charCodeAt(longest - 2);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? longest - 2 : longest - 1)}…`;
}
