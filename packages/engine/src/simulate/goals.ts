/** Does a happening meet a goal? Goals listen from the moment a contact comes in (platform fact F19). */
import { plainStatus } from "../conditions/appointment-status.ts";
import { isRecord, listOf, recordOf, textOf } from "../model/attributes.ts";
import type { Attributes, Step } from "../model/workflow.ts";
import { plainTag } from "./contact-record.ts";
import { every, some, type Truth } from "./evaluate.ts";
import type { Happening } from "./world.ts";

/** What HighLevel calls the goal's condition → the kinds of happening that can meet it, and where the values it asks for stand. */
const kinds: Readonly<Record<string, { readonly types: readonly string[]; readonly wants?: readonly string[] }>> = {
  add_contact_tag: { types: ["contact_tag"], wants: ["tags"] },
  remove_contact_tag: { types: ["contact_tag"], wants: ["tags"] },
  form_submission: { types: ["form_submission"], wants: ["formIds", "formId", "forms"] },
  form_submitted: { types: ["form_submission"], wants: ["formIds", "formId", "forms"] },
  survey_submission: { types: ["survey_submission"], wants: ["surveyIds", "surveyId", "surveys"] },
  payment_received: { types: ["payment_received"] },
  invoice: { types: ["invoice"] },
  invoice_paid: { types: ["invoice"] },
  appointment: { types: ["appointment", "customer_appointment"], wants: ["status", "statuses"] },
  appointment_status: { types: ["appointment", "customer_appointment"], wants: ["status", "statuses"] },
  email_event: { types: ["mailgun_email_event"], wants: ["events", "event"] },
  mailgun_email_event: { types: ["mailgun_email_event"], wants: ["events", "event"] },
  trigger_link: { types: ["trigger_link"], wants: ["linkIds", "linkId", "links", "link"] },
  link_clicked: { types: ["trigger_link"], wants: ["linkIds", "linkId", "links", "link"] },
  customer_reply: { types: ["customer_reply"] },
  contact_reply: { types: ["customer_reply"] },
  user_replied: { types: ["user_replied"] },
  user_reply: { types: ["user_replied"] },
};

/** null: the goal asks for something that is not understood. */
export function meetsGoal(goal: Step, happening: Happening): Truth {
  const { attributes } = goal;
  const segments = listOf(attributes["segments"]).filter(isRecord);
  const groups = segments.map((segment) => {
    const rows = listOf(segment["conditions"]).filter(isRecord);
    const truths = rows.map((row) => meetsRow(row, happening));
    if (truths.length === 0) return false;
    return textOf(segment["op"] ?? segment["operator"]).toLowerCase() === "and" ? every(truths) : some(truths);
  });
  if (groups.length === 0) return false;
  return textOf(attributes["op"]).toLowerCase() === "and" && groups.length > 1 ? every(groups) : some(groups);
}

function meetsRow(row: Attributes, { type, data }: Happening): Truth {
  const name = textOf(row["goal_condition"]);
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) return null;
  if (!kind.types.includes(type)) return false;
  const extras = recordOf(row["extras"]);
  const wanted = (kind.wants ?? []).flatMap((key) => listOf(extras[key]).map(textOf)).filter((value) => value !== "");
  if (name === "add_contact_tag") return anyTag(wanted, data.get("tagsadded"));
  if (name === "remove_contact_tag") return anyTag(wanted, data.get("tagsremoved"));
  if (name === "invoice_paid" && data.get("invoicestatus")?.includes("paid") !== true) return false;
  if (wanted.length === 0) return true;
  const carried = ["formid", "surveyid", "appointmentstatus", "emailevent", "linkid"].flatMap(
    (key) => data.get(key) ?? [],
  );
  return wanted.some((value) => carried.some((own) => plainStatus(own) === plainStatus(value)));
}

/** A tag goal without tags listens to every tag. */
function anyTag(wanted: readonly string[], changed: readonly string[] | undefined): boolean {
  if (changed === undefined) return false;
  return wanted.length === 0 || wanted.some((tag) => changed.includes(plainTag(tag)));
}
