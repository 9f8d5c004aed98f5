/** Which triggers a happening fires: every row of a trigger's filter is asked, with the value it met. */
import { readRow } from "../conditions/read-row.ts";
import { listOf, textOf } from "../model/attributes.ts";
import type { Trigger, TriggerCondition } from "../model/workflow.ts";
import { plainTag } from "./contact-record.ts";
import { evaluate, every, type Reason, type Truth, type Verdict } from "./evaluate.ts";
import { reader } from "./read-values.ts";
import { type Happening, plainKey, type World } from "./world.ts";

/** Does the trigger hear the happening? Asked only of triggers of its type. */
export function hearing(world: World, trigger: Trigger, happening: Happening): Verdict {
  const reasons: Reason[] = [];
  const truths: Truth[] = [];
  for (const row of trigger.conditions) {
    const verdict = askRow(world, row, happening);
    truths.push(verdict.holds);
    reasons.push(...verdict.reasons);
  }
  return { holds: every(truths), reasons };
}

/** Which change of tags a row of a Contact Tag trigger asks for; null: something else. */
export function tagRowOf({ field, id }: TriggerCondition): "tagsadded" | "tagsremoved" | null {
  const key = plainKey(field);
  if (key === "tagsadded" || id === "tag-added") return "tagsadded";
  return key === "tagsremoved" || id === "tag-removed" ? "tagsremoved" : null;
}

function askTags(row: TriggerCondition, name: "tagsadded" | "tagsremoved", { data }: Happening): Verdict {
  const changed = data.get(name) ?? [];
  const values = listOf(row.value).map(textOf);
  const holds = values.some((value) => changed.includes(plainTag(value)));
  const asks = `the tag just ${name === "tagsadded" ? "added" : "removed"} is one of ${values.slice(0, 9).join(", ")}`;
  return { holds, reasons: [{ asks, found: changed, holds }] };
}

function askRow(world: World, row: TriggerCondition, happening: Happening): Verdict {
  const tagRow = happening.type === "contact_tag" ? tagRowOf(row) : null;
  if (tagRow !== null) return askTags(row, tagRow, happening);
  if (row.operator === "add-index-of-true") return askTags(row, "tagsadded", happening);
  if (row.operator === "has-changed") {
    const holds = happening.changed.has(world.fields.ofPath(row.field).key);
    return { holds, reasons: [{ asks: `${row.field} has changed`, found: [...happening.changed], holds }] };
  }
  const key = plainKey(row.field);
  const asked = { field: fieldOf(key, row.field), operator: operatorOf(row), value: row.value };
  const read = reader(world, happening.records, happening.data, null);
  return evaluate(readRow(asked, world.fields), {
    read: (atom) => happening.data.get(key) ?? read(atom),
    now: world.now(),
    clock: world.accountClock,
    fill: (text) => text,
  });
}

/** Tags that come with a new contact are the contact's tags. */
function fieldOf(key: string, field: string): string {
  return key === "tagsadded" ? "contact.tags" : field;
}

/** `doesnot-have-tag` stands as the row's id, with an operator that does not say so. */
function operatorOf({ id, operator }: TriggerCondition): string {
  return id === "doesnot-have-tag" ? "index-of-false" : operator;
}
