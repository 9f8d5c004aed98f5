import { triggerTypeAliases, triggerTypeOf } from "../domain/trigger-types.ts";
import { idOf, isRecord, listOf, nameOf, textOf } from "../model/attributes.ts";
import { type Attributes, END, type Trigger, type TriggerCondition } from "../model/workflow.ts";
import { kindOf, type Problems } from "./format-error.ts";
import type { StepIndex } from "./step-index.ts";

/**
 * Reads trigger documents: a list, a single document, or `{rows}`. null when none were supplied, which is not the same as an
 * empty list. Deleted triggers are left out; a trigger is active unless it says otherwise.
 */
export function readTriggers(
  value: unknown,
  pointer: string,
  index: StepIndex,
  problems: Problems,
): readonly Trigger[] | null {
  if (value === undefined || value === null) return null;
  if (isRecord(value) && Array.isArray(value["rows"])) {
    return readTriggers(value["rows"], `${pointer}/rows`, index, problems);
  }
  if (typeof value !== "object") {
    problems.add(pointer, "WRONG_TYPE", `triggers should be a list of triggers, but it is ${kindOf(value)}.`);
    return null;
  }
  const single = !Array.isArray(value);
  const triggers: Trigger[] = [];
  listOf(value).forEach((item, position) => {
    const at = single ? pointer : `${pointer}/${position}`;
    const raw = typeof item === "string" ? { type: item } : item;
    if (!isRecord(raw)) {
      problems.add(at, "WRONG_TYPE", `A trigger should be an object with a type, but this is ${kindOf(item)}.`);
      return;
    }
    if (idOf(raw["type"]) === null) {
      problems.add(
        `${at}/type`,
        raw["type"] === undefined ? "MISSING" : "WRONG_TYPE",
        "A trigger needs a type (text).",
      );
      return;
    }
    if (raw["deleted"] === true) return;
    triggers.push(readTrigger(raw, triggers.length, single ? splitPointer(pointer) : [pointer, position], index));
  });
  return triggers;
}

function splitPointer(pointer: string): [string, number | string] {
  const cut = pointer.lastIndexOf("/");
  return [pointer.slice(0, cut), pointer.slice(cut + 1)];
}

function readTrigger(raw: Attributes, at: number, place: [string, number | string], index: StepIndex): Trigger {
  const type = canonical(textOf(raw["type"]));
  const target = textOf(raw["targetActionId"] ?? raw["target"]);
  const found = target === "" ? END : index.stepOf(target);
  return {
    index: at,
    id: idOf(raw["id"] ?? raw["_id"]) ?? `trigger-${at + 1}`,
    type,
    name: nameOf(raw["name"]) || (triggerTypeOf(type)?.name ?? type),
    active: raw["active"] !== false && raw["active"] !== "false",
    conditions: readConditions(raw["conditions"] ?? raw["filters"]),
    target: target === "" || found === END ? index.entry : found,
    missing: target !== "" && found === END ? target : null,
    raw,
    list: place[0],
    position: place[1],
  };
}

function canonical(type: string): string {
  if (triggerTypeOf(type) !== undefined || type.length > 64) return type;
  const plain = type
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  return triggerTypeOf(plain) === undefined ? (triggerTypeAliases.get(plain) ?? type) : plain;
}

function readConditions(value: unknown): readonly TriggerCondition[] {
  if (isRecord(value)) {
    return Object.entries(value).map(([field, given]) => ({
      field: field === "tag" || field === "tags" ? "tagsAdded" : field,
      operator: field === "tag" || field === "tags" ? "index-of-true" : "==",
      value: given,
      id: null,
    }));
  }
  const rows: TriggerCondition[] = [];
  for (const row of listOf(value)) {
    if (!isRecord(row)) continue;
    rows.push({
      field: textOf(row["field"]),
      operator: textOf(row["operator"]),
      value: row["value"],
      id: textOf(row["id"]) || null,
    });
  }
  return rows;
}
