import type { Location } from "../location/location.ts";
import type { Field, FieldKind, FieldShape, StoredSpelling } from "./ast.ts";

/** `conditionType` of the builder and the first word of a trigger row's field, by what they read (docs/WORKFLOW_FORMATS.md). */
const kindsByType: Readonly<Record<string, FieldKind>> = {
  contact_detail: "contact",
  contact: "contact",
  opportunities: "opportunity",
  opportunity: "opportunity",
  appointment: "appointment",
  service_booking: "appointment",
  rental_booking: "appointment",
  calendar: "appointment",
  invoice: "invoice",
  note: "note",
  task: "task",
  trigger: "trigger",
  contact_reply: "reply",
  message: "message",
  form: "form",
  survey: "form",
  mailgun: "email-event",
  email_event: "email-event",
  email_events: "email-event",
  email: "email-event",
  link: "link",
  trigger_link: "link",
  payment: "payment",
  order: "payment",
  custom_values: "custom-value",
  custom_value: "custom-value",
  inboundwebhookrequest: "webhook",
  workflow_contact: "workflow",
  workflow: "workflow",
  time: "time",
  current_time: "time",
};

/** Owners of step outputs that an If/Else can read (the builder's nested dropdown groups). */
const stepOutputs = new Set([
  "sheet",
  "datetime_formatter",
  "custom_webhook",
  "array_functions",
  "ivr_gather",
  "ivr_connect_call",
  "custom_code",
  "ai_agent",
  "chatgpt",
  "number_formatter",
  "text_formatter",
  "math_operation",
]);

const wordsByKind: Readonly<Partial<Record<FieldKind, string>>> = {
  opportunity: "opportunity",
  appointment: "appointment",
  invoice: "invoice",
  note: "note",
  task: "task",
  message: "message",
  payment: "payment",
  "email-event": "email event",
  link: "link",
};

/** Fields that hold several values at once, whatever the facts say. */
const multiple = new Set(["contact.tags", "workflow.active", "trigger.tagsadded", "trigger.tagsremoved"]);

/** HighLevel's data types of custom fields; the others hold one value. */
const multipleTypes = new Set(["MULTIPLE_OPTIONS", "CHECKBOX", "TEXTBOX_LIST", "FILE_UPLOAD"]);

/** Reads the fields that rows name; knows the location's custom fields, and keeps what it has read. */
export interface FieldReader {
  /** A field of an if/else row, from its `conditionType` and `conditionSubType`. */
  readonly ofType: (type: string, subType: string) => Field;
  /** A field of a trigger row or of a plain condition: `contact.city`, `opportunity.status`, `tagsAdded`, `tags`. */
  readonly ofPath: (path: string) => Field;
}

export function fieldReader(known: CustomFields): FieldReader {
  const byType = new Map<string, Map<string, Field>>();
  const byPath = new Map<string, Field>();
  return {
    ofType: (type, subType) => {
      const ofOneType = keep(byType, type, () => new Map<string, Field>());
      return keep(ofOneType, subType, () => {
        const read = fieldOfType(type, subType, known);
        const meant = spellingMeant(type, subType);
        return meant === null ? read : { ...read, meant };
      });
    },
    ofPath: (path) => keep(byPath, path, () => fieldOfPath(path, known)),
  };
}

function keep<Kept>(read: Map<string, Kept>, key: string, make: () => Kept): Kept {
  const known = read.get(key);
  if (known !== undefined) return known;
  const made = make();
  read.set(key, made);
  return made;
}

/** What is known of the location's custom fields. */
export type CustomFields = Pick<Location, "customField">;

/** The builder's ids of custom fields are 20 letters and digits. */
export function isCustomFieldId(name: string): boolean {
  return /^[A-Za-z0-9]{20}$/.test(name);
}

function fieldOfType(type: string, subType: string, facts: CustomFields): Field {
  const owner = type.toLowerCase();
  if (stepOutputs.has(owner))
    return field("step-output", `${owner}.${subType}`, "single", `${owner} ${subType}`.trim());
  const kind = kindsByType[owner] ?? "other";
  if (kind === "contact") return contactField(subType.replace(/^contact\./, ""), facts);
  if (kind === "trigger") return field(kind, "trigger.id", "single", "the trigger");
  if (kind === "workflow") return field(kind, "workflow.active", "multiple", "active workflows");
  if (kind === "reply") return field(kind, subType === "" ? "reply" : `reply.${plain(subType)}`, "single", "reply");
  if (kind === "custom-value") return field(kind, `custom-value.${subType}`, "single", `custom value ${subType}`);
  if (kind === "webhook") return field(kind, `webhook.${subType}`, "unknown", `webhook value ${subType}`);
  if (kind === "opportunity" && (facts.customField(subType) !== undefined || isCustomFieldId(subType)))
    return { ...customField(subType, facts), kind };
  const name = wordsByKind[kind] ?? owner.replaceAll("_", " ");
  const known = kind !== "other";
  const words = `${name} ${subType
    .replace(/Id$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase()}`;
  const label = words.replace(`${name} ${name} `, `${name} `).trim();
  return field(kind, `${known ? kind : owner}.${plain(subType)}`, known ? "single" : "unknown", label);
}

function fieldOfPath(path: string, facts: CustomFields): Field {
  const dot = path.indexOf(".");
  const owner = dot < 0 ? "" : path.slice(0, dot);
  const rest = path.slice(dot + 1);
  if (path === "tagsAdded" || path === "tagsRemoved")
    return field(
      "trigger",
      `trigger.${path.toLowerCase()}`,
      "multiple",
      path === "tagsAdded" ? "tags just added" : "tags just removed",
    );
  if (owner === "" || owner === "contact") return contactField(rest, facts);
  if (owner === "custom_field" || owner === "customField" || owner === "custom") return customField(rest, facts);
  return fieldOfType(owner, rest, facts);
}

/** Snake-case spellings of what the builder stores in camel case. */
const dealFields: ReadonlyMap<string, string> = new Map([
  ["pipeline_id", "pipelineId"],
  ["pipeline_stage_id", "pipelineStageId"],
]);

/**
 * HighLevel knows deals in rows as `opportunities` and their stage as `pipelineStageId`; the singular and snake case are saved
 * and never match (uxieee/uxie-ghl-factory, defect catalogue). null: nothing is known against the spelling.
 */
function spellingMeant(type: string, subType: string): StoredSpelling | null {
  if (type !== "opportunity" && type !== "opportunities") return null;
  const meant = { type: "opportunities", subType: dealFields.get(subType) ?? subType };
  return meant.type === type && meant.subType === subType ? null : meant;
}

function contactField(name: string, facts: CustomFields): Field {
  if (name === "tags" || name === "tag") return field("tag", "contact.tags", "multiple", "tags");
  if (facts.customField(name) !== undefined || isCustomFieldId(name)) return customField(name, facts);
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return field("contact", `contact.${plain(name)}`, isStandardContactField(name) ? "single" : "unknown", words);
}

function customField(name: string, facts: CustomFields): Field {
  const fact = facts.customField(name);
  if (fact === undefined)
    return field("custom-field", `custom:${name}`, "unknown", isCustomFieldId(name) ? `custom field ${name}` : name);
  const shape: FieldShape = multipleTypes.has(fact.type) ? "multiple" : "single";
  return field("custom-field", `custom:${fact.id ?? fact.key}`, shape, fact.name ?? fact.key);
}

/** Contact fields that every location has (help article 48001078171, merge fields). */
const standardContactFields = new Set(
  (
    "id name firstname lastname fullname email phone phoneraw companyname address1 fulladdress city state country " +
    "postalcode website timezone source type contacttype dateofbirth birthday dnd assignedto assigneduser owner " +
    "lastactivity dateadded createdat dateupdated gclid engagementscore locationid"
  ).split(" "),
);

/** A contact field that every location has, with or without `contact.` in front, in any spelling. */
export function isStandardContactField(name: string): boolean {
  return standardContactFields.has(plain(name.replace(/^contact\./, "")));
}

function plain(name: string): string {
  return name.replace(/[_\s-]/g, "").toLowerCase();
}

function field(kind: FieldKind, key: string, shape: FieldShape, label: string): Field {
  return { key, kind, shape: multiple.has(key) ? "multiple" : shape, label };
}
