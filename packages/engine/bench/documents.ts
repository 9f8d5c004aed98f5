/**
 * Builder documents of any size for the benchmark, in the shapes the builder stores. Deterministic: the same size gives
 * the same bytes.
 */

export interface Document {
  readonly workflow: Readonly<Record<string, unknown>>;
  readonly triggers: readonly unknown[];
}

type Step = Record<string, unknown>;

const uuid = (number: number): string => `5eed0000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
const WORKFLOW = uuid(0xffffffff);
const window = { condition: "when", days: [1, 2, 3, 4, 5], start: "09:00", end: "19:30" };

function document(name: string, steps: readonly Step[]): Document {
  return {
    workflow: {
      _id: WORKFLOW,
      id: WORKFLOW,
      locationId: "BENCHLOCATION0000001",
      companyId: "BENCHCOMPANY00000001",
      name,
      type: "workflow",
      status: "published",
      version: 12,
      dataVersion: 7,
      allowMultiple: false,
      allowMultipleOpportunity: false,
      stopOnResponse: true,
      timezone: "contact",
      timeWindow: window,
      senderAddress: { from_name: "Harbour Street Dental", from_email: "hello@harbourstreetdental.com" },
      workflowData: { templates: steps },
    },
    triggers: [
      {
        id: "BENCHTRIGGER00000001",
        type: "form_submission",
        masterType: "highlevel",
        name: "Consultation form",
        active: true,
        deleted: false,
        workflow_id: WORKFLOW,
        location_id: "BENCHLOCATION0000001",
        belongs_to: "workflow",
        conditions: [
          {
            field: "form.id",
            operator: "is-any-of",
            value: ["BENCHFORM00000000001"],
            title: "Form is",
            type: "string",
          },
        ],
        actions: [{ workflow_id: WORKFLOW, type: "add_to_workflow" }],
      },
    ],
  };
}

function step(number: number, type: string, name: string, attributes: Step, next?: number): Step {
  return {
    id: uuid(number),
    order: number,
    type,
    name,
    attributes: { type, ...attributes },
    ...(number === 0 ? {} : { parentKey: uuid(number - 1) }),
    ...(next === undefined ? {} : { next: uuid(next) }),
  };
}

const days = (value: number): Step => ({ type: "time", startAfter: { type: "days", value, when: "after" } });

const topics = ["whitening", "check-up", "aligners", "implants", "fillings", "hygiene", "veneers", "braces"];

/** One round of a long, healthy follow-up: ten steps that a HighLevel user would recognise, every text different. */
const round: readonly ((number: number, next: number | undefined) => Step)[] = [
  (n, next) =>
    step(
      n,
      "email",
      `Care guide ${n}`,
      {
        subject: `Your guide to ${topics[n % topics.length]}, part ${n}`,
        html: `<p>Hello,</p><p>Part ${n} of our guide explains what to expect of ${topics[n % topics.length]}. Read it at https://harbourstreetdental.com/guide/${n}.</p><p>{{location.full_address}} <a href="{{unsubscribe}}">Unsubscribe</a></p>`,
        from_name: "Harbour Street Dental",
        from_email: "hello@harbourstreetdental.com",
        attachments: [],
      },
      next,
    ),
  (n, next) => step(n, "add_contact_tag", `Tag stage ${n}`, { tags: [`stage-${n}`] }, next),
  (n, next) => step(n, "wait", `Wait two days after guide ${n}`, days(2), next),
  (n, next) => step(n, "wait", `Wait three days before text ${n}`, days(3), next),
  (n, next) =>
    step(
      n,
      "sms",
      `Text ${n}`,
      {
        body: `Harbour Street Dental: part ${n} of your guide is in your inbox. Questions about ${topics[n % topics.length]}? Just answer. Reply STOP to unsubscribe.`,
        attachments: [],
      },
      next,
    ),
  (n, next) => step(n, "wait", `Wait four days after text ${n}`, days(4), next),
  (n, next) => step(n, "remove_contact_tag", `Untag stage ${n - 5}`, { tags: [`stage-${n - 5}`] }, next),
  (n, next) =>
    step(
      n,
      "update_contact_field",
      `Record progress ${n}`,
      {
        actionType: "update_field_data",
        fields: [{ field: "guide_progress", value: String(n), title: "Guide progress", type: "string", date: "" }],
      },
      next,
    ),
  (n, next) => step(n, "add_notes", `Note ${n}`, { html: `Part ${n} of the guide was sent.` }, next),
  (n, next) => step(n, "wait", `Wait a week after part ${n}`, days(7), next),
];

/** A clean control of exactly `steps` steps: no finding of severity low or above, but that it is large. */
export function cleanDocument(steps: number): Document {
  return document(
    "Consultation guide",
    Array.from({ length: steps }, (_, number) => {
      const make = round[number % round.length];
      return make === undefined ? {} : make(number, number + 1 < steps ? number + 1 : undefined);
    }),
  );
}

/** Every tenth step faulty in turn: dead waits, broken references, bad merge fields, secrets, long texts, empty settings. */
export function faultyDocument(steps: number): Document {
  const faults: readonly ((n: number, next: number | undefined) => Step)[] = [
    (n, next) => step(n, "wait", `Wait ${n}`, { type: "time", startAfter: {} }, next),
    (n, next) =>
      step(
        n,
        "sms",
        `Text ${n}`,
        { body: `Hi {{contact.first_nam}}, your code ${n} 🎉 is ready at http://bit.ly/x${n}` },
        next,
      ),
    (n, next) =>
      step(
        n,
        "webhook",
        `Hook ${n}`,
        { method: "POST", url: `http://localhost:${n % 60_000}/hook?secret=abcdef0123456789${n}` },
        next,
      ),
    (n, next) => step(n, "email", `MAIL ${n}`, { subject: `FREE MONEY NOW ${n}!!!`, html: "" }, next),
    (n) => step(n, "goto", `Again ${n}`, { targetNodeId: uuid(Math.max(0, n - 7)) }),
    (n, next) => step(n, "email", `Mail ${n}`, { subject: "", html: `{contact.first_name} [INSERT OFFER ${n}]` }, next),
  ];
  return document(
    "Everything wrong",
    Array.from({ length: steps }, (_, number) => {
      const next = number + 1 < steps ? number + 1 : undefined;
      const faulty = number % 10 === 5 ? faults[Math.floor(number / 10) % faults.length] : undefined;
      const make = faulty ?? round[number % round.length];
      return make === undefined ? {} : make(number, next);
    }),
  );
}

/** One big knot: every step decides between going on and jumping far back. */
export function denseCycles(steps: number): Document {
  return document(
    "Dense cycles",
    Array.from({ length: steps }, (_, number) => {
      const targets = [number + 1, (number * 7 + 1) % steps, (number * 13 + 5) % steps].filter(
        (target) => target < steps,
      );
      return {
        ...step(number, "if_else", `Choice ${number}`, {
          branches: targets.map((target) => ({
            id: uuid(target),
            name: `To ${target}`,
            operator: "and",
            segments: [],
          })),
        }),
        nodeType: "condition-node",
        cat: "conditions",
        next: targets.map(uuid),
      };
    }),
  );
}

/** A ladder of joins: both ways of every decision lead to the same next decision, so there are 2^n paths. */
export function sharedBranches(steps: number): Document {
  return document(
    "Shared branches",
    Array.from({ length: steps }, (_, number) => {
      const row = Math.floor(number / 3) * 3;
      const following = row + 3 < steps ? row + 3 : undefined;
      if (number % 3 !== 0 || number + 2 >= steps) {
        return step(number, "add_contact_tag", `Tag ${number}`, { tags: [`t${number}`] }, following);
      }
      return {
        ...step(number, "if_else", `Choice ${number}`, {
          branches: [1, 2].map((offset) => ({
            id: uuid(number + offset),
            name: `Way ${offset}`,
            operator: "and",
            segments: [],
          })),
        }),
        nodeType: "condition-node",
        cat: "conditions",
        next: [uuid(number + 1), uuid(number + 2)],
      };
    }),
  );
}
