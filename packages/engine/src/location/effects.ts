/** What a step changes that a trigger, of its own workflow or of another one, may listen to; and what a trigger listens to. */
import { listOf, recordOf, textOf } from "../model/attributes.ts";
import type { Step, Trigger, TriggerCondition } from "../model/workflow.ts";

export type EffectKind =
  | "tag-added"
  | "tag-removed"
  | "field"
  | "stage"
  | "status"
  | "deal-created"
  | "appointment-status"
  | "dnd"
  | "note"
  | "task"
  /** A call to the address of an inbound webhook; its value is the hook's id. */
  | "webhook";

export interface Effect {
  readonly kind: EffectKind;
  readonly step: Step;
  /** The tag, field, stage id, status, pipeline, hook; "" when it is not fixed. */
  readonly value: string;
}

export function effectsOf(step: Step): readonly Effect[] {
  if (step.disabled) return NONE;
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
    case "create_update_contact":
      return all("field", columnOf(attributes["fields"], "field"));
    case "math_operation":
      return all("field", [attributes["updateField"]]);
    case "assign_user":
    case "remove_assigned_user":
      return [{ kind: "field", step, value: OWNER }];
    case "update_appointment_status":
      return all("appointment-status", [attributes["status_type"]]);
    case "create_opportunity":
      return [
        ...all("stage", [attributes["pipeline_stage_id"]]),
        ...all("status", [attributes["opportunity_status"]]),
        { kind: "deal-created", step, value: textOf(attributes["pipeline_id"]) },
      ];
    case "internal_create_opportunity":
      return [{ kind: "deal-created", step, value: pipelineOf(step) }];
    case "internal_update_opportunity":
      return listOf(attributes["__customInputFields__"]).flatMap((row) => {
        const { filterField, value } = recordOf(row);
        if (filterField === "pipelineStageId") return all("stage", [value]);
        return filterField === "status" ? all("status", [value]) : [];
      });
    case "dnd_contact":
      return all("dnd", [attributes["dnd_contact"]]);
    case "add_notes":
      return [{ kind: "note", step, value: "" }];
    case "task-notification":
      return [{ kind: "task", step, value: "" }];
    case "webhook":
    case "custom_webhook":
      return all("webhook", [hookOf(textOf(attributes["url"]))]);
    default:
      return NONE;
  }
}

const NONE: readonly Effect[] = Object.freeze([]);

/** The field in which a contact's owner stands. */
export const OWNER = "assignedTo";

function columnOf(rows: unknown, key: string): readonly unknown[] {
  return listOf(rows).map((row) => recordOf(row)[key]);
}

function pipelineOf({ attributes }: Step): string {
  const row = listOf(attributes["__customInputFields__"])
    .map(recordOf)
    .find(({ filterField }) => filterField === "pipelineId");
  return textOf(row?.["value"]) || textOf(attributes["pipelineId"]);
}

/** The id of the inbound webhook that an address of HighLevel belongs to; "" for any other address. */
function hookOf(url: string): string {
  if (url.length > 500) return "";
  return /^https:\/\/[a-z.]{1,60}\/hooks\/[\w-]{1,60}\/webhook-trigger\/([\w-]{1,60})/i.exec(url)?.[1] ?? "";
}

/** How a trigger hears an effect. */
export interface Hearing {
  /** The values it listens to; null: to every change of that kind. */
  readonly values: ReadonlySet<string> | null;
}

const silent = null;
const EVERYTHING: Hearing = { values: null };

/** What a trigger hears of one kind of change, or null when it does not listen to that kind. */
export function hears(trigger: Trigger, kind: EffectKind): Hearing | null {
  switch (trigger.type) {
    case "contact_tag": {
      const added = rowsOf(trigger, "tagsAdded", "tag-added");
      const removed = rowsOf(trigger, "tagsRemoved", "tag-removed");
      if (kind !== "tag-added" && kind !== "tag-removed") return silent;
      if (added.length + removed.length === 0) return EVERYTHING;
      const rows = kind === "tag-added" ? added : removed;
      return rows.length === 0 ? silent : { values: valuesOf(rows) };
    }
    case "contact_changed":
      return contactChanged(trigger, kind);
    case "pipeline_stage_updated":
      return kind === "stage" ? filtered(trigger, ["opportunity.pipelineStageId", "opportunity.stageId"]) : silent;
    case "opportunity_status_changed":
      return kind === "status" ? filtered(trigger, ["opportunity.status"]) : silent;
    case "opportunity_changed":
      if (kind === "stage") return filtered(trigger, ["opportunity.pipelineStageId", "opportunity.stageId"]);
      return kind === "status" ? filtered(trigger, ["opportunity.status"]) : silent;
    case "opportunity_created":
      return kind === "deal-created" ? filtered(trigger, ["opportunity.pipelineId"]) : silent;
    case "appointment":
      return kind === "appointment-status" ? filtered(trigger, ["appointment.status"]) : silent;
    case "dnd_contact":
      return kind === "dnd" ? EVERYTHING : silent;
    case "note_add":
      return kind === "note" ? EVERYTHING : silent;
    case "task_added":
      return kind === "task" ? EVERYTHING : silent;
    case "inbound_webhook":
      return kind === "webhook" ? { values: hooksOf(trigger) } : silent;
    default:
      return silent;
  }
}

/** The kinds of change that some trigger can hear. */
export const effectKinds: readonly EffectKind[] = [
  ...(["tag-added", "tag-removed", "field", "stage", "status", "deal-created"] as const),
  ...(["appointment-status", "dnd", "note", "task", "webhook"] as const),
];

/** By the trigger's id, and by the address where the document keeps it. */
function hooksOf({ id, raw }: Trigger): ReadonlySet<string> {
  const addresses = [raw["url"], raw["webhookUrl"], raw["hookUrl"]].map((url) => hookOf(textOf(url)));
  return new Set([id, ...addresses.filter((hook) => hook !== "")]);
}

function contactChanged(trigger: Trigger, kind: EffectKind): Hearing | null {
  const watched = trigger.conditions.filter(
    (row) => row.operator === "has-changed" || row.operator === "add-index-of-true",
  );
  if (kind === "tag-added") {
    const rows = watched.filter((row) => row.field === "contact.tags");
    if (rows.length > 0) return { values: rows.some((row) => row.operator === "has-changed") ? null : valuesOf(rows) };
    return trigger.conditions.length === 0 ? EVERYTHING : silent;
  }
  if (kind !== "field") return silent;
  if (trigger.conditions.length === 0) return EVERYTHING;
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
  return rows.length === 0 ? EVERYTHING : { values: valuesOf(rows) };
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
