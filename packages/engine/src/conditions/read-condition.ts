import type { Attributes, TriggerCondition } from "../model/workflow.ts";
import { allOf, allOrAnyOf, anyOf, type Condition, never } from "./ast.ts";
import type { FieldFacts } from "./fields.ts";
import { isRecord, readRow, text } from "./read-row.ts";

/** Groups inside groups beyond this depth are not read; the builder knows two levels. */
const DEEPEST = 8;

/**
 * The conditions of one branch: `{segments: [{operator, conditions}], operator}` as if/else containers, condition waits
 * and legacy nodes store them, `{conditions, operator}` as the plain formats do, or one bare row. A branch saved
 * without conditions never matches (ghl.md 1.5).
 */
export function readCondition(source: Attributes | null, facts?: FieldFacts, depth = 0): Condition {
  if (source === null) return never;
  if (depth > DEEPEST) return { kind: "unreadable", why: "conditions are nested too deeply" };
  const segments = source["segments"];
  if (Array.isArray(segments)) return readSegments(segments, joinOf(source), facts);
  const conditions = source["conditions"];
  if (Array.isArray(conditions)) return group(conditions, joinOf(source) ?? "and", facts, depth);
  if (isRecord(conditions)) return readRow(conditions, facts);
  return "conditionType" in source || "field" in source ? readRow(source, facts) : never;
}

/** A trigger fires when all its rows hold; without rows it fires on every event of its type. */
export function readTriggerFilter(rows: readonly TriggerCondition[], facts?: FieldFacts): Condition {
  return allOf(rows.map((row) => readRow(row, facts)));
}

function readSegments(segments: readonly unknown[], between: Join | undefined, facts?: FieldFacts): Condition {
  const groups: Condition[] = [];
  const joins = new Set<Join>();
  let inside = false;
  for (const segment of segments) {
    if (!isRecord(segment)) continue;
    const rows = Array.isArray(segment["conditions"]) ? segment["conditions"] : [];
    if (rows.length === 0) continue;
    const join = joinOf(segment);
    if (rows.length > 1) inside = true;
    if (join !== undefined) joins.add(join);
    groups.push(group(rows, join ?? "and", facts, 0));
  }
  if (groups.length < 2) return groups[0] ?? never;
  return joinGroups(groups, between, inside || joins.size !== 1 ? undefined : [...joins][0]);
}

/**
 * Segments of one row each carry an operator of their own, which live documents use to join them with their
 * neighbours, while the branch's operator keeps its default "and". Where the two disagree, both readings stand.
 */
function joinGroups(groups: readonly Condition[], between: Join | undefined, own: Join | undefined): Condition {
  const join = between ?? own ?? "and";
  if (join === "or") return anyOf(groups);
  return own === "or" ? allOrAnyOf(groups) : allOf(groups);
}

type Join = "and" | "or";

function joinOf(source: Attributes): Join | undefined {
  const stored = text(source["operator"] ?? source["op"])?.toLowerCase();
  if (stored === "or" || stored === "any") return "or";
  return stored === "and" || stored === "all" ? "and" : undefined;
}

function group(rows: readonly unknown[], join: Join, facts: FieldFacts | undefined, depth: number): Condition {
  const read = rows.map((row) =>
    isRecord(row) && Array.isArray(row["conditions"]) ? readCondition(row, facts, depth + 1) : readRow(row, facts),
  );
  return join === "or" ? anyOf(read) : allOf(read);
}
