/**
 * One location as careful people run it: the eight workflows of one business of the study, each on an event of its own, and a dozen
 * more that hand over to each other, tag for each other and take contacts out of each other. Nothing in it is wrong; what a rule over the
 * location says of it at medium or above is a false alarm.
 */
import type { LocationFacts } from "../src/options.ts";
import { type Export, exported, type Flow, pause, replyWait, row, step } from "./builder-document.ts";
import { cleanWorkflows } from "./clean-workflows.ts";

const BUSINESS = "Bright Dental";
const STOP = "Reply STOP to unsubscribe.";
const USER = "GmhMeuQ50aZs1JRvGXHl";

const sms = (name: string, body: string) => step("sms", name, { body, attachments: [] });
const tag = (name: string, ...tags: readonly string[]) => step("add_contact_tag", name, { tags });
const untag = (name: string, ...tags: readonly string[]) => step("remove_contact_tag", name, { tags });
const note = (name: string, html: string) => step("add_notes", name, { html });
const handTo = (name: string, workflow: string) =>
  step("add_to_workflow", name, { workflow_id: workflow, input_trigger_params: true });
const takeOutOf = (name: string, ...workflows: readonly string[]) =>
  step("remove_from_workflow", name, { workflow_id: workflows, allWorkflows: false, includeCurrent: false });
const tell = (name: string, body: string) =>
  step("internal_notification", name, {
    type: "notification",
    notification: { title: name, body, userType: "all", redirectPage: "contact" },
  });

function email(name: string, subject: string, text: string) {
  return step("email", name, {
    subject,
    html: `<p>Hello,</p><p>${text}</p><p>${BUSINESS}, 12 Harbour Street, Portland, ME 04101</p><p><a href="{{unsubscribe}}">Unsubscribe</a></p>`,
    from_name: BUSINESS,
    from_email: "hello@brightdental.com",
    attachments: [],
  });
}

type Trigger = Readonly<Record<string, unknown>>;
const on = (type: string, ...conditions: readonly Trigger[]): readonly Trigger[] => [{ type, name: type, conditions }];
const rowOf = (field: string, value: unknown, operator = "==", more: Trigger = {}): Trigger => ({
  field,
  operator,
  value,
  title: field,
  type: "select",
  ...more,
});
const onTag = (name: string) => on("contact_tag", rowOf("tagsAdded", name, "index-of-true", { id: "tag-added" }));

const settings = {
  allowMultiple: true,
  allowMultipleOpportunity: true,
  stopOnResponse: true,
  timezone: "contact",
  timeWindow: { condition: "when", days: [1, 2, 3, 4, 5], start: "09:00", end: "18:00" },
  senderAddress: { from_name: BUSINESS, from_email: "hello@brightdental.com" },
};

interface Own {
  readonly id: string;
  readonly name: string;
  readonly flow: Flow;
  readonly triggers: readonly Trigger[];
  readonly once?: true;
}

const own: readonly Own[] = [
  {
    id: "customer-care",
    name: "Customer care",
    triggers: [],
    flow: [
      pause("A week on", "days", 7),
      sms("Ask how it goes", `${BUSINESS}: how are your teeth a week after? Just answer. ${STOP}`),
      note("Note it", "Was asked a week after."),
    ],
  },
  {
    id: "customer-starts",
    name: "Customer starts",
    triggers: onTag("customer"),
    flow: [tell("New customer", "A new customer starts."), handTo("Hand over to the care", "customer-care")],
  },
  {
    id: "emergency",
    name: "Emergency form",
    triggers: on("form_submission", rowOf("form.id", ["fEm3Qw9Zt7Rk2Vb8Nm4c"], "is-any-of")),
    flow: [
      tell("An emergency", "Somebody is in pain. Call now."),
      tag("Mark as emergency", "emergency"),
      sms("Say we call", `${BUSINESS}: we have your message and call you in a few minutes. ${STOP}`),
    ],
  },
  {
    id: "emergency-over",
    name: "Emergency is over",
    triggers: on("appointment", rowOf("appointment.status", "showed"), rowOf("calendar.id", "cEm3Qw9Zt7Rk2Vb8Nm4d")),
    flow: [untag("No longer an emergency", "emergency"), note("Note it", "The emergency was treated.")],
  },
  {
    id: "emergency-check",
    name: "Emergency: does it still hurt?",
    triggers: onTag("emergency"),
    flow: [
      pause("Two days on", "days", 2),
      {
        kind: "choice",
        name: "Was it treated?",
        branches: [
          {
            name: "Not yet",
            rows: [row("contact_detail", "tags", "index-of-true", ["emergency"])],
            steps: [tell("Still open", "The emergency of two days ago was not treated.")],
          },
        ],
        none: [note("Note it", "The emergency was treated within two days.")],
      },
    ],
  },
  {
    id: "cancelled",
    name: "Cancelled visit",
    triggers: on("appointment", rowOf("appointment.status", "cancelled"), rowOf("calendar.id", "cAl3Qw9Zt7Rk2Vb8Nm4d")),
    flow: [takeOutOf("Stop the reminders", "clean-1"), tell("A visit was cancelled", "Please offer a new time.")],
  },
  {
    id: "implant-guide",
    name: "Implant guide",
    once: true,
    triggers: on("form_submission", rowOf("form.id", ["fIm3Qw9Zt7Rk2Vb8Nm4c"], "is-any-of")),
    flow: [
      email("Guide part one", "Your guide to implants", "here is the first part: https://brightdental.com/implants/1"),
      pause("Four days on", "days", 4),
      email("Guide part two", "Implants: what it costs", "this part is on costs: https://brightdental.com/implants/2"),
      tag("Guide read", "implant-guide"),
    ],
  },
  {
    id: "implant-call",
    name: "Implant call",
    triggers: onTag("implant-guide"),
    flow: [
      step("task-notification", "Call about implants", {
        type: "task_notification",
        title: "Call about implants",
        body: "Has got the whole guide.",
        assignedTo: USER,
        dueDate: "1",
      }),
    ],
  },
  {
    id: "email-trouble",
    name: "Email trouble",
    triggers: on("mailgun_email_event", rowOf("mailgun.event", ["bounced", "complained", "unsubscribed"], "is-any-of")),
    flow: [
      takeOutOf("Stop the emails", "implant-guide", "clean-4"),
      note("Note it", "Emails bounce or are not wanted; the series were stopped."),
    ],
  },
  {
    id: "referral",
    name: "Referral form",
    triggers: on("form_submission", rowOf("form.id", ["fRe3Qw9Zt7Rk2Vb8Nm4c"], "is-any-of")),
    flow: [
      sms("Thank them", `${BUSINESS}: thank you for recommending us. Who may we call? ${STOP}`),
      replyWait(
        "Wait for a name",
        2,
        ["Thank them"],
        [tell("A recommendation", "Please call the person who was recommended.")],
        [note("Note it", "No name was given.")],
      ),
    ],
  },
  {
    id: "whitening-paid",
    name: "Whitening kit paid",
    triggers: on("payment_received", rowOf("product.id", ["pWh3Qw9Zt7Rk2Vb8Nm4c"], "is-any-of")),
    flow: [
      sms("Thank them", `${BUSINESS}: thank you, your payment has arrived. Your kit leaves today. ${STOP}`),
      tell("Send the kit", "A whitening kit was paid. Please send it today."),
    ],
  },
  {
    id: "refund",
    name: "Refund",
    triggers: on("refund"),
    flow: [
      takeOutOf("Stop the care", "customer-care"),
      untag("No longer a customer", "customer"),
      tell("A refund", "Money was given back. Please call."),
    ],
  },
];

/** The eight workflows of the study, with ids, forms and tags of their own. */
function studied(): readonly Export[] {
  return cleanWorkflows
    .slice(0, 8)
    .map(({ document }, at) =>
      JSON.parse(
        JSON.stringify(document)
          .replaceAll("5eed0000-0000-4000-8000-ffffffffffff", `clean-${at}`)
          .replaceAll("pLx3Qw9Zt7Rk2Vb8Nm4c", `form${at}Qw9Zt7Rk2Vb8Nm4c`),
      ),
    );
}

export const cleanLocation: readonly Export[] = [
  ...studied(),
  ...own.map(({ id, name, flow, triggers, once }) => {
    const document = exported(`${BUSINESS}: ${name}`, flow, { ...settings, allowMultiple: once !== true }, triggers);
    return JSON.parse(JSON.stringify(document).replaceAll("5eed0000-0000-4000-8000-ffffffffffff", id)) as Export;
  }),
];

/** Every form that one of them listens to, and no other. */
const forms = [...new Set(JSON.stringify(cleanLocation).match(/\bf(?:orm\d|[A-Z]\w3)Qw9Zt7Rk2Vb8Nm4c\b/g))].map(
  (id) => ({
    ...{ id, name: `Form ${id}` },
    active: true,
  }),
);

export const cleanFacts: LocationFacts = { users: [{ id: USER, name: "Nora Lindqvist", active: true }], forms };
