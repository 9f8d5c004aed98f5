/** What a field of a condition or a merge field holds for the contact, in the run that asks. */
import type { Atom } from "../conditions/ast.ts";
import { type Appointment, type Invoice, type Opportunity, valuesOf } from "./contact-record.ts";
import type { ReadField } from "./evaluate.ts";
import { plainKey, type Records, type Run, type World } from "./world.ts";

export function opportunityOf(world: World, { opportunity }: Records): Opportunity | undefined {
  return opportunity === undefined ? undefined : world.contact.opportunities.find(({ id }) => id === opportunity);
}

export function appointmentOf(world: World, { appointment }: Records): Appointment | undefined {
  return appointment === undefined ? undefined : world.contact.appointments.find(({ id }) => id === appointment);
}

export function invoiceOf(world: World, { invoice }: Records): Invoice | undefined {
  return invoice === undefined ? undefined : world.contact.invoices.find(({ id }) => id === invoice);
}

/**
 * The values of a field: empty when it is blank, null when nobody knows. `run` is null while a trigger's filter is asked.
 */
export function reader(
  world: World,
  records: Records,
  data: ReadonlyMap<string, readonly string[]>,
  run: Run | null,
): ReadField {
  return ({ field }: Atom) => {
    const { key, kind } = field;
    switch (kind) {
      case "tag":
        return [...world.contact.tags];
      case "contact":
      case "custom-field":
        return contactValues(world, key);
      case "custom-value":
        return customValue(world, key.slice(key.indexOf(".") + 1));
      case "opportunity":
        return opportunityValues(opportunityOf(world, records), key, world);
      case "appointment":
        return appointmentValues(appointmentOf(world, records), key);
      case "invoice":
        return data.get(plainKey(key)) ?? invoiceValues(invoiceOf(world, records), key);
      case "workflow":
        return data.get("workflowid") ?? activeWorkflows(world);
      case "trigger":
        return run === null ? (data.get(plainKey(key.replace(/^trigger\./, ""))) ?? []) : triggerNames(run);
      case "reply":
        return run?.lastReply === null || run === null ? (data.get("messagebody") ?? []) : [run.lastReply];
      case "webhook":
        return data.get(plainKey(`inboundWebhookRequest.${key.slice("webhook.".length)}`)) ?? null;
      case "step-output":
      case "time":
        return null;
      default:
        return data.get(plainKey(key)) ?? null;
    }
  };
}

export function contactValues(world: World, key: string): readonly string[] {
  const { contact } = world;
  if (key === "contact.dnd") return [String(contact.dnd.has("all"))];
  if (key === "contact.timezone") return [world.contactClock().zone];
  return valuesOf(contact.get(key));
}

export function customValue(world: World, key: string): readonly string[] | null {
  const value = world.customValues.get(plainKey(key)) ?? world.location.customValue(key);
  // Facts name all of them; without facts nobody knows.
  if (value === undefined) return world.location.knows("customValues") ? [] : null;
  return valuesOf(value);
}

function activeWorkflows(world: World): readonly string[] {
  return world.places.filter(({ active }) => active.size > 0).flatMap(({ key, workflow }) => [key, workflow.name]);
}

/** An If/Else can ask by which trigger the contact came in: by its id, its type or its name. */
function triggerNames({ trigger }: Run): readonly string[] {
  return trigger === null ? [] : [trigger.id, trigger.type, trigger.name];
}

/** `opportunity.pipelineStageId` and the like, and custom fields of deals. */
export function opportunityValues(deal: Opportunity | undefined, key: string, world: World): readonly string[] {
  if (deal === undefined) return [];
  switch (plainKey(key.slice(key.indexOf(".") + 1))) {
    case "id":
      return [deal.id];
    case "pipelineid":
      return valuesOf(deal.pipelineId);
    case "pipelinename":
      return valuesOf(world.location.pipeline(deal.pipelineId ?? "")?.name ?? deal.pipelineId);
    case "pipelinestageid":
    case "stageid":
      return valuesOf(deal.stageId);
    case "pipelinestage":
    case "stagename":
    case "stage":
      return valuesOf(world.location.stages(deal.stageId ?? "")[0]?.name ?? deal.stageId);
    case "status":
      return valuesOf(deal.status);
    case "monetaryvalue":
    case "leadvalue":
    case "value":
      return valuesOf(deal.monetaryValue);
    case "name":
      return valuesOf(deal.name);
    case "source":
      return valuesOf(deal.source);
    case "assignedto":
    case "owner":
      return valuesOf(deal.assignedTo);
    default: {
      const name = key.replace(/^(?:custom:|opportunity\.)/, "");
      return valuesOf(deal.fields === undefined || !Object.hasOwn(deal.fields, name) ? undefined : deal.fields[name]);
    }
  }
}

export function appointmentValues(appointment: Appointment | undefined, key: string): readonly string[] {
  if (appointment === undefined) return [];
  switch (plainKey(key.slice(key.indexOf(".") + 1))) {
    case "status":
    case "appointmentstatus":
      return valuesOf(appointment.status);
    case "calendarid":
    case "calendar":
      return valuesOf(appointment.calendarId);
    // `calendar.id` and `appointment.id` are read as one field.
    case "id":
      return [appointment.id, ...valuesOf(appointment.calendarId)];
    case "starttime":
    case "startdate":
      return valuesOf(appointment.startTime);
    case "endtime":
      return valuesOf(appointment.endTime);
    case "title":
      return valuesOf(appointment.title);
    case "assignedto":
    case "assigneduserid":
      return valuesOf(appointment.assignedTo);
    default:
      return [];
  }
}

function invoiceValues(invoice: Invoice | undefined, key: string): readonly string[] {
  if (invoice === undefined) return [];
  switch (plainKey(key.slice(key.indexOf(".") + 1))) {
    case "id":
      return [invoice.id];
    case "status":
      return valuesOf(invoice.status);
    case "number":
      return valuesOf(invoice.number);
    case "name":
      return valuesOf(invoice.name);
    case "duedate":
      return valuesOf(invoice.dueDate);
    case "amount":
    case "amountdue":
    case "total":
    case "totalamount":
      return valuesOf(invoice.amount);
    default:
      return [];
  }
}
