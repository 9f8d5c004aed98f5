import type { Attributes, TriggerCondition } from "../model/workflow.ts";
import { allOf, allOrAnyOf, always, anyOf, type Condition, never } from "./ast.ts";
import type { FieldReader } from "./fields.ts";
import { isRecord, readRow, text } from "./read-row.ts";

/** Groups inside groups beyond this depth are not read; the builder knows two levels. */
const DEEPEST = 8;

/**
 * The conditions of one branch: `{segments: [{operator, conditions}], operator}` as if/else containers, condition waits
 * and legacy nodes store them, `{conditions, operator}` as the plain formats do, or one bare row. A branch saved
 * without conditions never matches (docs/WORKFLOW_FORMATS.md).
 */
export function readCondition(source: Attributes | null, fields: FieldReader, depth = 0): Condition {
  if (source === null) return never;
  if (depth > DEEPEST) return { kind: "unreadable", why: "conditions are nested too deeply" };
  const segments = source["segments"];
  if (Array.isArray(segments)) return readSegments(segments, joinOf(source), fields);
  const conditions = source["conditions"];
  if (Array.isArray(conditions)) return group(conditions, joinOf(source) ?? "and", fields, depth);
  if (isRecord(conditions)) return readRow(conditions, fields);
  const condition = source["condition"];
  if (isRecord(condition)) return readCondition(condition, fields, depth + 1);
  return "conditionType" in source || "field" in source ? readRow(source, fields) : never;
}

/** A trigger fires when all its rows hold; without rows it fires on every event of its type. */
export function readTriggerFilter(rows: readonly TriggerCondition[], fields: FieldReader): Condition {
  return rows.length === 0 ? always : allOf(rows.map((row) => readRow(row, fields)));
}

function readSegments(segments: readonly unknown[], between: Join | undefined, fields: FieldReader): Condition {
  const groups: Condition[] = [];
  let own: Join | undefined;
  let mixed = false;
  for (const segment of segments) {
    if (!isRecord(segment)) continue;
    const rows = Array.isArray(segment["conditions"]) ? segment["conditions"] : [];
    if (rows.length === 0) continue;
    const join = joinOf(segment);
    if (rows.length > 1 || (join !== undefined && own !== undefined && join !== own)) mixed = true;
    own ??= join;
    groups.push(group(rows, join ?? "and", fields, 0));
  }
  if (groups.length < 2) return groups[0] ?? never;
  return joinGroups(groups, between, mixed ? undefined : own);
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

function group(rows: readonly unknown[], join: Join, fields: FieldReader, depth: number): Condition {
  if (rows.length === 1) return readMember(rows[0], fields, depth);
  const read = rows.map((row) => readMember(row, fields, depth));
  return join === "or" ? anyOf(read) : allOf(read);
}

function readMember(row: unknown, fields: FieldReader, depth: number): Condition {
  return isRecord(row) && Array.isArray(row["conditions"])
    ? readCondition(row, fields, depth + 1)
    : readRow(row, fields);
}
