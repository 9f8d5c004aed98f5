/** What a step changes that a trigger of the same workflow may listen to. */
import { listOf, recordOf, textOf } from "../../model/attributes.ts";
import type { Step, Trigger, TriggerCondition } from "../../model/workflow.ts";

export type EffectKind = "tag-added" | "tag-removed" | "field" | "stage" | "status" | "appointment-status";

export interface Effect {
  readonly kind: EffectKind;
  readonly step: Step;
  /** The tag, field, stage id or status; "" when it is not fixed. */
  readonly value: string;
}

export function effectsOf(step: Step): readonly Effect[] {
  if (step.disabled) return [];
  const { type, attributes } = step;
  const all = (kind: EffectKind, values: readonly unknown[]) =>
    values
      .map(textOf)
      .filter((value) => value !== "")
      .map((value): Effect => ({ kind, step, value }));
  switch (type) {
    case "add_contact_tag":
      return all("tag-added", listOf(attributes["tags"]));
    case "remove_contact_tag":
      return all("tag-removed", listOf(attributes["tags"]));
    case "update_contact_field":
      return all("field", fieldsOf(attributes["fields"], "field"));
    case "update_appointment_status":
      return all("appointment-status", [attributes["status_type"]]);
    case "create_opportunity":
      return [...all("stage", [attributes["pipeline_stage_id"]]), ...all("status", [attributes["opportunity_status"]])];
    case "internal_update_opportunity":
      return listOf(attributes["__customInputFields__"]).flatMap((row) => {
        const { filterField, value } = recordOf(row);
        if (filterField === "pipelineStageId") return all("stage", [value]);
        return filterField === "status" ? all("status", [value]) : [];
      });
    default:
      return [];
  }
}

function fieldsOf(rows: unknown, key: string): readonly unknown[] {
  return listOf(rows).map((row) => recordOf(row)[key]);
}

/** How a trigger hears an effect. */
export interface Hearing {
  /** The values it listens to; null: to every change of that kind. */
  readonly values: ReadonlySet<string> | null;
}

const silent = null;

/** What a trigger hears of one kind of change, or null when it does not listen to that kind. */
export function hears(trigger: Trigger, kind: EffectKind): Hearing | null {
  switch (trigger.type) {
    case "contact_tag": {
      const added = rowsOf(trigger, "tagsAdded", "tag-added");
      const removed = rowsOf(trigger, "tagsRemoved", "tag-removed");
      if (kind !== "tag-added" && kind !== "tag-removed") return silent;
      if (added.length + removed.length === 0) return { values: null };
      const rows = kind === "tag-added" ? added : removed;
      return rows.length === 0 ? silent : { values: valuesOf(rows) };
    }
    case "contact_changed":
      return contactChanged(trigger, kind);
    case "pipeline_stage_updated":
      return kind === "stage" ? filtered(trigger, ["opportunity.pipelineStageId", "opportunity.stageId"]) : silent;
    case "opportunity_status_changed":
      return kind === "status" ? filtered(trigger, ["opportunity.status"]) : silent;
    case "appointment":
      return kind === "appointment-status" ? filtered(trigger, ["appointment.status"]) : silent;
    default:
      return silent;
  }
}

function contactChanged(trigger: Trigger, kind: EffectKind): Hearing | null {
  const watched = trigger.conditions.filter(
    (row) => row.operator === "has-changed" || row.operator === "add-index-of-true",
  );
  if (kind === "tag-added") {
    const rows = watched.filter((row) => row.field === "contact.tags");
    if (rows.length > 0) return { values: rows.some((row) => row.operator === "has-changed") ? null : valuesOf(rows) };
    return trigger.conditions.length === 0 ? { values: null } : silent;
  }
  if (kind !== "field") return silent;
  if (trigger.conditions.length === 0) return { values: null };
  const fields = watched
    .filter((row) => row.field !== "contact.tags")
    .map((row) => row.field.replace(/^contact\./, ""));
  return fields.length === 0 ? silent : { values: new Set(fields) };
}

function rowsOf(trigger: Trigger, field: string, id: string): readonly TriggerCondition[] {
  return trigger.conditions.filter((row) => row.field === field || row.id === id);
}

function filtered(trigger: Trigger, fields: readonly string[]): Hearing {
  const rows = trigger.conditions.filter((row) => fields.includes(row.field));
  return { values: rows.length === 0 ? null : valuesOf(rows) };
}

function valuesOf(rows: readonly TriggerCondition[]): ReadonlySet<string> {
  return new Set(rows.flatMap((row) => listOf(row.value).map(textOf)));
}

/** Tags that a contact must not have to come in: a guard against running again. */
export function guardTags(trigger: Trigger): ReadonlySet<string> {
  return valuesOf(
    trigger.conditions.filter((row) => row.operator === "index-of-false" || row.id === "doesnot-have-tag"),
  );
}
