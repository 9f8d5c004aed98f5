/**
 * Workflows as careful people build them: eight templates in ten industries, each with its own words, lengths and order, in builder
 * format. Seeded, so that the study can be repeated. Nothing in them is wrong; what a rule says of them above medium is a false alarm.
 */
import { type Export, exported, type Flow, pause, replyWait, row, step } from "./builder-document.ts";

interface Industry {
  readonly business: string;
  readonly domain: string;
  /** What a contact books. */
  readonly visit: string;
  /** What a contact asks for. */
  readonly service: string;
  readonly address: string;
  readonly phone: string;
}

const industries: readonly Industry[] = [
  {
    business: "Bright Dental",
    domain: "brightdental.com",
    visit: "check-up",
    service: "whitening",
    address: "12 Harbour Street, Portland, ME 04101",
    phone: "+12075550112",
  },
  {
    business: "Summit Roofing",
    domain: "summitroofing.com",
    visit: "roof inspection",
    service: "roof repair",
    address: "88 Ridge Road, Denver, CO 80202",
    phone: "+13035550188",
  },
  {
    business: "Oak Lane Realty",
    domain: "oaklanerealty.com",
    visit: "house viewing",
    service: "valuation",
    address: "5 Oak Lane, Austin, TX 78701",
    phone: "+15125550105",
  },
  {
    business: "Pulse Fitness",
    domain: "pulsefitness.com",
    visit: "trial class",
    service: "membership",
    address: "40 Market Street, San Diego, CA 92101",
    phone: "+16195550140",
  },
  {
    business: "Maple Chiropractic",
    domain: "maplechiro.com",
    visit: "first visit",
    service: "back care",
    address: "7 Maple Avenue, Columbus, OH 43215",
    phone: "+16145550107",
  },
  {
    business: "Clearwater Pools",
    domain: "clearwaterpools.com",
    visit: "pool survey",
    service: "pool cleaning",
    address: "210 Bay Drive, Tampa, FL 33602",
    phone: "+18135550121",
  },
  {
    business: "North Star Tutoring",
    domain: "northstartutoring.com",
    visit: "trial lesson",
    service: "maths tuition",
    address: "19 College Hill, Boston, MA 02108",
    phone: "+16175550119",
  },
  {
    business: "Green Thumb Landscaping",
    domain: "greenthumbyards.com",
    visit: "garden survey",
    service: "garden design",
    address: "64 Garden Way, Portland, OR 97204",
    phone: "+15035550164",
  },
  {
    business: "Harbor Law",
    domain: "harborlaw.com",
    visit: "consultation",
    service: "estate planning",
    address: "300 Court Street, Albany, NY 12207",
    phone: "+15185550130",
  },
  {
    business: "Velvet Salon",
    domain: "velvetsalon.com",
    visit: "haircut",
    service: "colour",
    address: "9 Elm Street, Nashville, TN 37203",
    phone: "+16155550109",
  },
];

/** A small generator of numbers (mulberry32), so that the study does not depend on the machine. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Pick = <Value>(values: readonly Value[]) => Value;

interface Template {
  readonly name: string;
  readonly flow: (industry: Industry, pick: Pick) => Flow;
  readonly triggers: (industry: Industry) => readonly Readonly<Record<string, unknown>>[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

const STOP = "Reply STOP to unsubscribe.";
const USER = "GmhMeuQ50aZs1JRvGXHl";

const sms = (name: string, body: string) => step("sms", name, { body, attachments: [] });

function email(name: string, { business, domain, address }: Industry, subject: string, text: string) {
  return step("email", name, {
    subject,
    html: `<p>Hello,</p><p>${text}</p><p>Kind regards,<br>${business}</p><p>${business}, ${address}</p><p><a href="{{unsubscribe}}">Unsubscribe</a></p>`,
    from_name: business,
    from_email: `hello@${domain}`,
    attachments: [],
  });
}

const assign = step("assign_user", "Assign to the front desk", {
  user_list: [USER],
  traffic_split: "equally",
  traffic_weightage: { [USER]: 1 },
  only_unassigned_contact: true,
});

const tell = (name: string, body: string) =>
  step("internal_notification", name, {
    type: "notification",
    notification: { title: name, body, userType: "user", selectedUser: [USER], redirectPage: "contact" },
  });

const tag = (name: string, ...tags: readonly string[]) => step("add_contact_tag", name, { tags });
const note = (name: string, html: string) => step("add_notes", name, { html });

function ahead(name: string, hours: number) {
  return step("wait", name, {
    type: "appointment",
    appointmentStartAfter: { when: "before", type: "hours", value: hours },
    appointmentCondition: "skip",
  });
}

/** Cancelled appointments leave here. */
const ifItStands = (name: string, steps: Flow): Flow[number] => ({
  kind: "choice",
  name,
  branches: [{ name: "Confirmed", rows: [row("appointment", "status", "==", "confirmed")], steps }],
  none: [note("Note the cancellation", "The visit no longer stands, so no reminder goes out.")],
});

const onForm = [
  {
    type: "form_submission",
    name: "Enquiry form",
    conditions: [
      { field: "form.id", operator: "is-any-of", value: ["pLx3Qw9Zt7Rk2Vb8Nm4c"], title: "Form is", type: "string" },
    ],
  },
];
const onCalendar = (type: string, more: readonly unknown[] = []) => [
  {
    type,
    name: "Visits",
    conditions: [
      { field: "calendar.id", operator: "==", value: "cAl3Qw9Zt7Rk2Vb8Nm4d", title: "In calendar", type: "select" },
      ...more,
    ],
  },
];

const templates: readonly Template[] = [
  {
    name: "new enquiry",
    triggers: () => onForm,
    flow: ({ business, service, phone }, pick) => [
      assign,
      sms(
        "Thank them",
        `${business}: thanks for asking about ${service}. ${pick(["When suits you best?", "What would you like to know?"])} ${STOP}`,
      ),
      replyWait(
        "Wait for an answer",
        pick([1, 2]),
        ["Thank them"],
        [
          tell("They answered", "A new enquiry has answered. Please take over."),
          note("Note the answer", "Answered the first text."),
        ],
        [
          step("task-notification", "Call them", {
            type: "task_notification",
            title: "Call the new enquiry",
            body: `Asked about ${service}.`,
            assignedTo: USER,
            dueDate: pick(["1", "2"]),
          }),
          tag("Mark as called", "enquiry-called"),
          pause("Leave them time", "days", pick([2, 3])),
          sms(
            "Ask once more",
            `${business}: do you still want to hear about ${service}? Call us at ${phone} or just answer.`,
          ),
        ],
      ),
    ],
  },
  {
    name: "visit reminders",
    triggers: () =>
      onCalendar("appointment", [
        { field: "appointment.status", operator: "==", value: "confirmed", title: "Status is", type: "select" },
      ]),
    settings: { allowMultiple: true },
    flow: ({ business, visit }, pick) => [
      sms(
        "Confirm",
        `${business}: your ${visit} is booked for {{appointment.start_time}} ({{appointment.timezone}}). ${STOP}`,
      ),
      ahead("A day ahead", 24),
      ifItStands("Still on the day before?", [
        sms(
          "Remind a day ahead",
          `${business}: we look forward to your ${visit} at {{appointment.start_time}} ({{appointment.timezone}}).`,
        ),
        ahead("Hours ahead", pick([2, 3])),
        ifItStands("Still on today?", [
          sms(
            "Remind on the day",
            `${business}: your ${visit} starts at {{appointment.only_start_time}} ({{appointment.timezone}}). See you soon.`,
          ),
        ]),
      ]),
    ],
  },
  {
    name: "after the visit",
    triggers: () =>
      onCalendar("appointment", [
        { field: "appointment.status", operator: "==", value: "showed", title: "Status is", type: "select" },
      ]),
    settings: { allowMultiple: true },
    flow: (industry, pick) => [
      pause("Let them get home", "hours", pick([2, 4])),
      email(
        "Thank them",
        industry,
        `Thank you for your ${industry.visit}`,
        `thank you for coming. Please tell us how it went: https://${industry.domain}/feedback`,
      ),
      tag("Mark as asked", "feedback-asked"),
      note("Note it", "Was asked for feedback."),
    ],
  },
  {
    name: "missed visit",
    triggers: () =>
      onCalendar("appointment", [
        { field: "appointment.status", operator: "==", value: "noshow", title: "Status is", type: "select" },
      ]),
    settings: { allowMultiple: true },
    flow: ({ business, visit, domain }, pick) => [
      pause("Give it an hour", "hours", 1),
      sms(
        "Offer a new time",
        `${business}: sorry we missed you. Choose a new time for your ${visit}: https://${domain}/book ${STOP}`,
      ),
      replyWait(
        "Wait for an answer",
        pick([2, 3]),
        ["Offer a new time"],
        [tell("They answered", "Somebody who missed a visit has answered.")],
        [
          step("task-notification", "Call them", {
            type: "task_notification",
            title: "Call about the missed visit",
            body: "No answer to the text.",
            assignedTo: USER,
            dueDate: "1",
          }),
        ],
      ),
    ],
  },
  {
    name: "guide by email",
    triggers: () => onForm,
    flow: (industry, pick) => [
      email(
        "Part one",
        industry,
        `Your guide to ${industry.service}`,
        `here is the first part of your guide to ${industry.service}: https://${industry.domain}/guide/1`,
      ),
      pause("Three days on", "days", 3),
      email(
        "Part two",
        industry,
        `${industry.service}: what to expect`,
        `this part tells what to expect: https://${industry.domain}/guide/2`,
      ),
      pause("Some days on", "days", pick([4, 5])),
      email(
        "Part three",
        industry,
        `${industry.service}: questions people ask`,
        `the last part answers what people ask most: https://${industry.domain}/guide/3`,
      ),
      tag("Guide is done", "guide-sent"),
    ],
  },
  {
    name: "sort enquiries",
    triggers: () => onForm,
    flow: ({ business, service }, pick) => [
      {
        kind: "choice",
        name: "Do we know them?",
        branches: [
          {
            name: "Customer",
            rows: [row("contact_detail", "tags", "index-of-true", ["customer"])],
            steps: [tell("A customer wrote", `A customer asks about ${service}.`)],
          },
        ],
        none: [
          assign,
          sms(
            "Welcome",
            `${business}: ${pick(["hello", "welcome"])}, we have your question about ${service} and answer today. ${STOP}`,
          ),
        ],
      },
    ],
  },
  {
    name: "won deal",
    triggers: () => [
      {
        type: "opportunity_status_changed",
        name: "Deal won",
        conditions: [
          {
            field: "opportunity.pipelineId",
            operator: "==",
            value: "pIp3Qw9Zt7Rk2Vb8Nm4e",
            title: "In pipeline",
            type: "select",
          },
          { field: "opportunity.status", operator: "==", value: "won", title: "Moved to status", type: "select" },
        ],
      },
    ],
    settings: { allowMultiple: true, allowMultipleOpportunity: true },
    flow: (industry, pick) => [
      tag("Mark as customer", "customer"),
      tell("Prepare the start", "A deal was won. Please prepare the start."),
      pause("Until tomorrow", "days", pick([1, 2])),
      email(
        "Say what happens next",
        industry,
        "What happens next",
        `thank you for choosing us for ${industry.service}. We call you within two days to agree on a date.`,
      ),
    ],
  },
  {
    name: "birthday",
    triggers: () => [
      {
        type: "birthday_reminder",
        name: "Birthday",
        conditions: [
          {
            field: "contact.dateOfBirth",
            operator: "time-diff-now-lte",
            value: "0",
            title: "On the day",
            type: "string",
          },
        ],
      },
    ],
    settings: { allowMultiple: true },
    flow: (industry, pick) => [
      email(
        "Greet them",
        industry,
        pick(["Happy birthday", "All the best today"]),
        "we wish you a happy birthday and a good year.",
      ),
      note("Note it", "Got a birthday greeting."),
    ],
  },
];

export interface CleanWorkflow {
  readonly title: string;
  readonly document: Export;
}

/** Every template in every industry. */
export const cleanWorkflows: readonly CleanWorkflow[] = industries.flatMap((industry, at) =>
  templates.map((template, number) => {
    const next = seeded(at * 1000 + number);
    const pick: Pick = (values) => values[Math.floor(next() * values.length)] as (typeof values)[number];
    const settings = {
      allowMultiple: false,
      allowMultipleOpportunity: false,
      stopOnResponse: true,
      timezone: "contact",
      timeWindow: {
        condition: "when",
        days: [1, 2, 3, 4, 5, 6],
        start: pick(["09:00", "10:00"]),
        end: pick(["17:00", "19:00"]),
      },
      senderAddress: { from_name: industry.business, from_email: `hello@${industry.domain}` },
      ...template.settings,
    };
    const title = `${industry.business}: ${template.name}`;
    return { title, document: exported(title, template.flow(industry, pick), settings, template.triggers(industry)) };
  }),
);
