import { isCustomFieldId } from "../../conditions/fields.ts";
import type { ReferenceKind } from "../../domain/reference-fields.ts";
import { exists, factOf } from "../../location/existence.ts";
import { type FactName, needsFacts } from "../../location/location.ts";
import {
  type Reference,
  referenceKinds,
  referencePointer,
  references,
  referencesInTexts,
} from "../../location/references.ts";
import type { Confidence } from "../../report/types.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { exampleDecision, exampleWorkflow, hasTag } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Dead {
  readonly kind: ReferenceKind;
  readonly value: string;
  /** Every place that names it, in the order of the document. */
  readonly uses: readonly Reference[];
  /** A user who is known and switched off. */
  readonly inactive: { readonly name: string } | null;
}

const comparable = [...new Set(Object.values(factOf))].filter((fact) => fact !== null);

export const deadReference = defineRule<Dead>({
  meta: {
    code: "DATA-001",
    id: "dead-reference",
    category: "data",
    severity: "high",
    scope: "F",
    title: "Something that no longer exists is named",
    summary:
      "A user, tag, field, pipeline, stage, calendar, form, template, trigger link or workflow that the location does not have, or a user who is switched off.",
    why: "HighLevel does not check references: the workflow publishes without complaint, and the step silently does nothing. Tasks and alerts go to people who left.",
    fix: "Pick the setting again in every place that is listed. Where something was deleted on purpose, delete the step.",
    sources: ["platform fact F25", "github.com/uxieee/uxie-ghl-factory (silent failures)"],
  },
  sees: "workflow",
  unchecked(view) {
    const { location } = view.options;
    return comparable.some(location.knows) ? null : needsFacts(location, wantedFacts(view));
  },
  partlyUnchecked(view) {
    const missing = needsFacts(view.options.location, wantedFacts(view));
    const beyond = new Set<string>();
    for (const { kind, value } of view.derive(references)) {
      if (factOf[kind] === null) beyond.add(`${kind}s`);
      // The facts know custom values by key only.
      else if (kind === "custom value" && isCustomFieldId(value)) beyond.add("custom values named by id");
    }
    const rest = beyond.size === 0 ? null : `the location facts do not tell of ${listed([...beyond].sort())}`;
    return missing === null || rest === null ? (missing ?? rest) : `${missing}; ${rest}`;
  },
  *find(view) {
    const { location } = view.options;
    const named = view.derive(references);
    const dead = new Map<string, Reference[]>();
    for (const reference of [...named, ...view.derive(referencesInTexts)]) {
      if (reference.creates || exists(reference, location) !== false) continue;
      const key = `${reference.kind}\n${reference.value.toLowerCase()}`;
      const known = dead.get(key);
      if (known === undefined) dead.set(key, [reference]);
      else known.push(reference);
    }
    const made = new Set(named.flatMap(({ creates, value }) => (creates ? [value.toLowerCase()] : [])));
    const withoutPipeline = new Set(
      [...dead.values()].flat().flatMap(({ kind, owner }) => (kind === "pipeline" ? [owner] : [])),
    );
    for (const uses of dead.values()) {
      const [first] = uses;
      if (first === undefined) continue;
      const { kind, value } = first;
      // What only texts name is CONT-001's; a tag that a step makes is there when it is needed.
      if (kind !== "trigger link" && uses.every(({ place }) => place === "text")) continue;
      if (kind === "tag" && made.has(value.toLowerCase())) continue;
      // A deleted pipeline took its stages along.
      if (kind === "stage" && uses.every(({ owner }) => withoutPipeline.has(owner))) continue;
      yield { kind, value, uses, inactive: kind === "user" ? (location.user(value) ?? null) : null };
    }
  },
  tell({ kind, value, uses, inactive }, view) {
    const owners = [...new Set(uses.map(({ owner }) => owner))];
    const { asOf } = view.options.location;
    const what =
      inactive === null
        ? `a ${kind} that this location does not have (${value.slice(0, 60)})`
        : `a user who is switched off (${inactive.name.slice(0, 60)})`;
    return {
      message: `${listed(owners.map(quoted))} ${owners.length === 1 ? "names" : "name"} ${what}${asOf === null ? "" : `, as of ${asOf}`}.`,
      impact: harmOf(kind, inactive !== null),
      fix:
        inactive === null
          ? `Pick the ${kind} again ${owners.length === 1 ? "there" : `in all ${owners.length} places`}, or delete what is no longer needed.`
          : "Give the work to somebody who is there, or to a role such as the contact's owner.",
      steps: owners,
      evidence: {
        kind,
        value: value.slice(0, 200),
        ...(inactive === null ? {} : { name: inactive.name.slice(0, 200), active: false }),
        ...(asOf === null ? {} : { factsAsOf: asOf }),
        uses: uses.slice(0, 50).map((use) => ({ id: use.owner.id, place: use.place, pointer: referencePointer(use) })),
      },
      ...(kind === "tag" ? { severity: "low" as const } : {}),
      confidence: confidenceOf(kind, value),
      hangsOn: [`${kind} ${value.slice(0, 200)}`],
    };
  },
  wrong: () => [
    {
      title: "a task for somebody who left, who is notified as well, is one finding",
      workflow: exampleWorkflow([
        {
          id: "task",
          type: "task-notification",
          name: "Call the lead",
          attributes: { title: "Call", assignedTo: "u2" },
        },
        {
          id: "alert",
          type: "internal_notification",
          name: "Tell Sam",
          attributes: { type: "sms", sms: { body: "New lead", userType: "user", selectedUser: "u2" } },
        },
      ]),
      options: { facts: { asOf: "2026-11-20", users: [{ id: "u2", name: "Sam Okafor", active: false }] } },
    },
    {
      title: "a calendar that was deleted",
      workflow: exampleWorkflow([
        { id: "book", type: "appointment_booking", name: "Book the visit", attributes: { calendarId: "cal-2" } },
      ]),
      options: { facts: { calendars: [{ id: "cal-1", name: "First visit" }] } },
    },
    {
      title: "a pipeline that was deleted took its stages along: one finding",
      workflow: exampleWorkflow([
        {
          id: "deal",
          type: "create_opportunity",
          name: "Open a deal",
          attributes: { pipeline_id: "old", pipeline_stage_id: "old-new" },
        },
      ]),
      options: { facts: { pipelines: [{ id: "sales", name: "Sales", stages: [{ id: "s1", name: "New" }] }] } },
    },
    {
      title: "a decision on a tag that nobody can have is low",
      workflow: exampleDecision("VIP?", [{ name: "VIP", rows: [hasTag("vpi")] }]),
      options: { facts: { tags: ["vip"] } },
    },
    {
      title: "a field that was deleted",
      workflow: exampleWorkflow([
        {
          id: "write",
          type: "update_contact_field",
          name: "Keep the roof",
          attributes: { actionType: "update_field_data", fields: [{ field: "EXAMPLEFIELD00000001", value: "flat" }] },
        },
      ]),
      options: { facts: { customFields: [{ id: "EXAMPLEFIELD00000002", key: "contact.roof", type: "TEXT" }] } },
    },
    {
      title: "a trigger link in a text",
      workflow: exampleWorkflow([
        {
          id: "text",
          type: "sms",
          name: "SMS",
          attributes: { body: "Acme: {{trigger_link.L9}} Reply STOP to unsubscribe" },
        },
      ]),
      options: { facts: { links: [{ id: "L1", name: "Book now" }] } },
    },
  ],
  right: () => [
    {
      title: "everything is there, by id or by name",
      workflow: exampleWorkflow([
        { id: "task", type: "task-notification", attributes: { title: "Call", assignedTo: "u1" } },
        { id: "enrol", type: "add_to_workflow", attributes: { workflow_id: "Nurture" } },
      ]),
      options: {
        facts: {
          users: [{ id: "u1", name: "Nora", active: true }],
          workflows: [{ id: "w2", name: "Nurture", status: "published" }],
        },
      },
    },
    {
      title: "a tag that the step itself makes, and is asked for later",
      workflow: exampleWorkflow([
        { id: "tag", type: "add_contact_tag", name: "Tag", attributes: { tags: ["quote sent"] } },
        { id: "which", name: "Sent?", branches: [{ name: "Sent", rows: [hasTag("Quote sent")] }] },
      ]),
      options: { facts: { tags: [] } },
    },
    {
      title: "a user by his role",
      workflow: exampleWorkflow([
        { id: "task", type: "task-notification", attributes: { title: "Call", assignedTo: "assigned_user" } },
      ]),
      options: { facts: { users: [] } },
    },
    {
      title: "a stage of another pipeline is another rule's",
      workflow: exampleWorkflow([
        {
          id: "deal",
          type: "create_opportunity",
          attributes: { pipeline_id: "sales", pipeline_stage_id: "c1" },
        },
      ]),
      options: {
        facts: {
          pipelines: [
            { id: "sales", name: "Sales", stages: [{ id: "s1", name: "New" }] },
            { id: "care", name: "Care", stages: [{ id: "c1", name: "New" }] },
          ],
        },
      },
    },
    {
      title: "an unknown merge field is another rule's",
      workflow: exampleWorkflow([
        { id: "text", type: "sms", attributes: { body: "Your {{contact.roof_typ}}. Reply STOP to unsubscribe" } },
      ]),
      options: { facts: { customFields: [{ key: "contact.roof_type", type: "TEXT" }] } },
    },
    {
      title: "facts that say nothing of deal fields",
      workflow: exampleWorkflow([
        {
          id: "deal",
          type: "internal_create_opportunity",
          attributes: { __customInputFields__: [{ filterField: "EXAMPLEFIELD00000009", value: "x" }] },
        },
      ]),
      options: { facts: { customFields: [{ id: "EXAMPLEFIELD00000002", key: "contact.roof", type: "TEXT" }] } },
    },
    {
      title: "without facts nothing is guessed",
      workflow: exampleWorkflow([
        { id: "task", type: "task-notification", attributes: { title: "Call", assignedTo: "u9" } },
      ]),
    },
  ],
});

function wantedFacts(view: View): readonly FactName[] {
  const wanted = new Set<FactName>();
  for (const kind of view.derive(referenceKinds)) {
    const fact = factOf[kind];
    if (fact !== null) wanted.add(fact);
  }
  return [...wanted];
}

/** A name that is no id may be a field or asset that the engine does not know of. */
function confidenceOf(kind: ReferenceKind, value: string): Confidence {
  return kind === "custom field" && !isCustomFieldId(value) ? "likely" : "certain";
}

function harmOf(kind: ReferenceKind, inactive: boolean): string {
  switch (kind) {
    case "user":
      return inactive
        ? "Tasks, alerts and contacts go to somebody who no longer looks at them, and nobody else hears of it."
        : "Tasks and alerts reach nobody, and no error shows.";
    case "tag":
      return "Nobody has the tag unless a form, an import or another workflow adds it: until then nothing happens here.";
    case "form":
    case "survey":
    case "calendar":
      return "It can no longer be filled in or booked, so what waits for it never happens.";
    default:
      return "HighLevel skips it without an error, and the contact goes on as if it had worked.";
  }
}
