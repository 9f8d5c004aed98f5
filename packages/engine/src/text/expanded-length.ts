import type { Location } from "../location/location.ts";
import { meaningOf } from "./merge-field-lookup.ts";
import { type MergeField, replaceFields } from "./merge-fields.ts";

/** Characters of a merge field of a kind that is not in the catalogue: a short answer. */
const USUAL_LENGTH = 14;

/**
 * The text as it may read when sent: every merge field replaced by its fallback, by the custom value of the given facts, or by
 * as many plain letters as such a field usually has.
 */
export function expanded(text: string, fields: readonly MergeField[], location: Location): string {
  return replaceFields(text, fields, ({ fault, path }) => (fault === null ? fill(path, location) : null));
}

function fill(path: string, { customValue }: Location): string {
  if (path === "") return "";
  const value = path.startsWith("custom_values.") ? customValue(path) : undefined;
  if (value !== undefined) return value;
  const meaning = meaningOf(path);
  const length = "rootFacts" in meaning ? (meaning.rootFacts?.typicalLength ?? USUAL_LENGTH) : USUAL_LENGTH;
  return "a".repeat(typicalOf(path) ?? length);
}

/** First names and the like are shorter, links longer than their group. */
function typicalOf(path: string): number | undefined {
  const field = path.slice(path.lastIndexOf(".") + 1);
  if (field === "first_name" || field === "last_name") return 7;
  if (field.endsWith("_link") || field.endsWith("url")) return 45;
  if (field === "email") return 24;
  return field.startsWith("only_") ? 10 : undefined;
}
