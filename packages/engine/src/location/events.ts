import { leastDelay } from "../graph/least-delay.ts";
import { listOf, textOf } from "../model/attributes.ts";
import { END } from "../model/workflow.ts";
import type { LocationAnalysis, Member } from "./location-view.ts";
import { type Listener, wiring } from "./wiring.ts";

/** Something that happens once, and the triggers in use that it starts. */
export interface LocationEvent {
  /** What happens, for a sentence: `a form is submitted`. */
  readonly name: string;
  /** In order of the workflows; each workflow once. */
  readonly listeners: readonly Listener[];
}

interface Kind {
  readonly words: string;
  /** The filter row that tells one event of the type from another; absent: all are alike. */
  readonly row?: string;
}

/** Trigger types of which one event can start several workflows. Those that run on a clock or on an address of their own are not among them. */
const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["contact_created", { words: "a contact is created" }],
  ["form_submission", { words: "a form is submitted", row: "form.id" }],
  ["survey_submission", { words: "a survey is submitted", row: "survey.id" }],
  ["quiz_submitted", { words: "a quiz is submitted" }],
  ["facebook_lead_gen", { words: "a Facebook lead form is submitted" }],
  ["tik_tok_form_submitted", { words: "a TikTok form is submitted" }],
  ["google_lead_form_submitted", { words: "a Google lead form is submitted" }],
  ["linkedin_form_submitted", { words: "a LinkedIn lead form is submitted" }],
  ["customer_reply", { words: "a contact replies" }],
  ["trigger_link", { words: "a trigger link is clicked", row: "link.id" }],
  ["customer_appointment", { words: "a contact books an appointment", row: "calendar.id" }],
  ["appointment", { words: "an appointment changes its status", row: "appointment.status" }],
  ["pipeline_stage_updated", { words: "a deal comes into a stage", row: "opportunity.pipelineStageId" }],
  ["opportunity_status_changed", { words: "a deal changes its status", row: "opportunity.status" }],
  ["opportunity_created", { words: "a deal is created", row: "opportunity.pipelineId" }],
  ["payment_received", { words: "a payment is received" }],
  ["order_submission", { words: "an order is submitted" }],
  ["invoice", { words: "an invoice changes" }],
  ["refund", { words: "a refund is made" }],
  ["subscription", { words: "a subscription changes" }],
  ["abandoned_checkout", { words: "a checkout is abandoned" }],
  ["call_status", { words: "a call ends" }],
  ["mailgun_email_event", { words: "an email event happens", row: "mailgun.event" }],
  ["note_add", { words: "a note is added" }],
  ["task_added", { words: "a task is added" }],
  ["task_completed", { words: "a task is completed" }],
  ["dnd_contact", { words: "Do Not Disturb changes" }],
  ["membership_contact_created", { words: "somebody signs up" }],
]);

/** Listeners to every event of a type stand beside those of one value; more than this many only stand beside each other. */
const MOST_BESIDE = 10;

/** The events that start at least two workflows in use, by type and value; never a comparison of all with all. */
export const sharedEvents: LocationAnalysis<readonly LocationEvent[]> = (location) => {
  const { triggers, listeners } = location.derive(wiring);
  const found: LocationEvent[] = [];
  const add = (name: string, all: readonly Listener[]) => {
    const each = eachWorkflowOnce(all);
    if (each.length > 1) found.push({ name, listeners: each });
  };
  for (const type of [...triggers.keys()].sort()) {
    const kind = kinds.get(type);
    const all = inUse(triggers.get(type) ?? []);
    if (kind === undefined) continue;
    if (kind.row === undefined) {
      add(kind.words, all);
      continue;
    }
    const open: Listener[] = [];
    const byValue = new Map<string, Listener[]>();
    for (const listener of all) {
      const values = valuesOf(listener, kind.row);
      if (values.length === 0) open.push(listener);
      for (const value of values) {
        const list = byValue.get(value);
        if (list === undefined) byValue.set(value, [listener]);
        else list.push(listener);
      }
    }
    const beside = open.slice(0, MOST_BESIDE);
    for (const value of [...byValue.keys()].sort()) add(kind.words, [...(byValue.get(value) ?? []), ...beside]);
    add(kind.words, open);
  }
  for (const key of [...listeners.keys()].sort()) {
    const cut = key.indexOf("\n");
    const value = key.slice(cut + 1);
    const heard = inUse(listeners.get(key) ?? []).filter(({ trigger }) => hearsOfContact.has(trigger.type));
    if (key.startsWith("tag-added\n"))
      add(value === "*" ? "a tag is added" : `the tag "${value.slice(0, 60)}" is added`, heard);
    else if (key.startsWith("tag-removed\n") && value !== "*") add(`the tag "${value.slice(0, 60)}" is removed`, heard);
    else if (key.startsWith("field\n") && value !== "*") add("a field of the contact changes", heard);
  }
  return found;
};

const hearsOfContact: ReadonlySet<string> = new Set(["contact_tag", "contact_changed"]);

/** Triggers of which two with the same filter start on the same event; not those on a clock or an address of their own. */
export const eventTypes: ReadonlySet<string> = new Set([...kinds.keys(), ...hearsOfContact]);

/**
 * A new lead: creating the contact, the form they fill in and the deal that is opened for them are one event to the contact, three to
 * HighLevel. null: fewer than two workflows in use listen to it in different ways.
 */
export const newLead: LocationAnalysis<LocationEvent | null> = (location) => {
  const { triggers } = location.derive(wiring);
  const of = (...types: readonly string[]) => inUse(types.flatMap((type) => triggers.get(type) ?? []));
  const created = of("contact_created");
  if (created.length === 0) return null;
  const forms = of("form_submission", "survey_submission", "facebook_lead_gen");
  // Different forms do not come in together: the first one stands for them all.
  const form = forms.slice(0, 1);
  const listeners = eachWorkflowOnce([...created, ...form, ...of("opportunity_created")]);
  return listeners.length > 1 ? { name: "a new lead comes in", listeners } : null;
};

function inUse(listeners: readonly Listener[]): readonly Listener[] {
  return listeners.filter(({ member, trigger }) => member.inUse && trigger.target !== END);
}

function eachWorkflowOnce(listeners: readonly Listener[]): readonly Listener[] {
  const first = new Map<Member, Listener>();
  for (const listener of listeners) if (!first.has(listener.member)) first.set(listener.member, listener);
  return [...first.values()].sort((a, b) => a.member.at - b.member.at);
}

function valuesOf({ trigger }: Listener, row: string): readonly string[] {
  const values = trigger.conditions
    .filter(({ field }) => field === row)
    .flatMap(({ value }) => listOf(value).map((item) => textOf(item).trim()));
  return [...new Set(values)].filter((value) => value !== "");
}

/** Least seconds from a way into a workflow to each of its steps; each way is measured once. */
export const delaysFrom: LocationAnalysis<(member: Member, door: number) => Float64Array> = ({ members }) => {
  const known: Map<number, Float64Array>[] = members.map(() => new Map());
  return (member, door) => {
    const own = known[member.at] as Map<number, Float64Array>;
    let delays = own.get(door);
    if (delays === undefined) {
      delays = leastDelay(member.view.graph, door === END ? [] : [door]);
      own.set(door, delays);
    }
    return delays;
  };
};
