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
const topicOf = (number: number): string => topics[number % topics.length] ?? "";

const email = (n: number): Step => ({
  subject: `Your guide to ${topicOf(n)}, part ${n}`,
  html: `<p>Hello,</p><p>Part ${n} of our guide explains what to expect of ${topicOf(n)}. Read it at https://harbourstreetdental.com/guide/${n}.</p><p>{{location.full_address}} <a href="{{unsubscribe}}">Unsubscribe</a></p>`,
  from_name: "Harbour Street Dental",
  from_email: "hello@harbourstreetdental.com",
  attachments: [],
});

const text = (n: number): Step => ({
  body: `Harbour Street Dental: part ${n} of your guide is in your inbox. Questions about ${topicOf(n)}? Just answer. Reply STOP to unsubscribe.`,
  attachments: [],
});

/** A wait for the answer to the text before it, with a way for those who do not answer; three nodes. */
function replyWait(n: number, answered: number, otherwise: number): readonly Step[] {
  const ways = [
    { name: "Replied", condition: "primary", type: "wait_reply", next: answered },
    { name: "No answer", condition: "timeout", type: "wait_timeout", next: otherwise },
  ];
  const wait = step(n, "wait", `Wait a day for the answer to ${n - 1}`, {
    type: "reply",
    startAfter: { type: "days", value: 1, when: "after" },
    reply: [uuid(n - 1)],
    replyLabel: ["SMS"],
    transitions: ways.map(({ name, condition, type }, at) => ({
      id: uuid(n + 1 + at),
      name,
      condition,
      attributes: { type },
    })),
  });
  return [
    { ...wait, cat: "multi-path", next: ways.map((_, at) => uuid(n + 1 + at)) },
    ...ways.map(({ name, type, next }, at) => ({
      ...step(n + 1 + at, "transition", name, { type }, next),
      cat: "transition",
      parentKey: uuid(n),
    })),
  ];
}

/** An If/Else on two tags and None; four nodes. */
function decision(n: number, targets: readonly [number, number, number]): readonly Step[] {
  const tags = [`asked-${topicOf(n)}`, `booked-${topicOf(n)}`];
  const name = `What do they want of ${topicOf(n)}?`;
  const branches = tags.map((tag, at) => ({
    id: uuid(n + 1 + at),
    name: tag,
    operator: "and",
    segments: [
      {
        operator: "and",
        conditions: [
          {
            conditionType: "contact_detail",
            conditionSubType: "tags",
            conditionOperator: "index-of-true",
            conditionValue: [tag],
          },
        ],
      },
    ],
  }));
  const node = (at: number, nodeType: string, title: string, attributes: Step): Step => ({
    ...step(n + 1 + at, "if_else", title, attributes, targets[at]),
    nodeType,
    cat: "conditions",
    parentKey: uuid(n),
  });
  return [
    {
      ...step(n, "if_else", name, { operator: "and", if: true, conditionName: name, noneBranchName: "None", branches }),
      nodeType: "condition-node",
      cat: "conditions",
      next: [0, 1, 2].map((at) => uuid(n + 1 + at)),
    },
    ...tags.map((tag, at) => node(at, "branch-yes", tag, { if: false, conditionName: name, branches: [] })),
    node(2, "branch-no", "None", { else: true }),
  ];
}

const field = (n: number): Step => ({
  actionType: "update_field_data",
  fields: [{ field: "guide_progress", value: String(n), title: "Guide progress", type: "string", date: "" }],
});

/** One round of a long, healthy follow-up, in the kinds of step that scenario 15 (the clean control) has; every text different. */
const ROUND = 19;

function round(n: number, next: number | undefined): readonly Step[] {
  return [
    step(n, "email", `Care guide ${n}`, email(n), n + 1),
    step(n + 1, "add_contact_tag", `Tag stage ${n}`, { tags: [`stage-${n}`] }, n + 2),
    step(n + 2, "wait", `Wait two days after guide ${n}`, days(2), n + 3),
    step(n + 3, "wait", `Wait three days before text ${n}`, days(3), n + 4),
    step(n + 4, "sms", `Text ${n}`, text(n), n + 5),
    ...replyWait(n + 5, n + 8, n + 9),
    step(
      n + 8,
      "task-notification",
      `Task: answer the question on part ${n}`,
      {
        type: "task_notification",
        title: `Answer the question on ${topicOf(n)}`,
        body: "The question stands in the conversation.",
        assignedTo: "BENCHUSER00000000001",
        dueDate: 1,
      },
      n + 9,
    ),
    ...decision(n + 9, [n + 13, n + 14, n + 15]),
    step(n + 13, "update_contact_field", `Record progress ${n}`, field(n), n + 15),
    step(n + 14, "add_notes", `Note ${n}`, { html: `Asked for an appointment after part ${n} of the guide.` }, n + 15),
    step(n + 15, "wait", `Wait four days after text ${n}`, days(4), n + 16),
    step(
      n + 16,
      "internal_notification",
      `Tell the reception about part ${n}`,
      {
        type: "notification",
        notification: {
          userType: "assign",
          title: `Part ${n} of the guide was sent`,
          body: "Look at the conversation and offer a visit.",
          redirectPage: "contact",
        },
      },
      n + 17,
    ),
    step(n + 17, "remove_contact_tag", `Untag stage ${n}`, { tags: [`stage-${n}`] }, n + 18),
    step(n + 18, "wait", `Wait a week after part ${n}`, days(7), next),
  ];
}

/** A clean control of exactly `steps` nodes: no finding of severity low or above, but that it is large. The last round is filled up with tags and waits. */
export function cleanDocument(steps: number): Document {
  const nodes: Step[] = [];
  while (nodes.length + ROUND <= steps)
    nodes.push(...round(nodes.length, nodes.length + ROUND < steps ? nodes.length + ROUND : undefined));
  for (let n = nodes.length; n < steps; n++) nodes.push(filler(n, n + 1 < steps ? n + 1 : undefined));
  return document("Consultation guide", nodes);
}

function filler(n: number, next: number | undefined): Step {
  return n % 2 === 0
    ? step(n, "add_contact_tag", `Tag end ${n}`, { tags: [`end-${n}`] }, next)
    : step(n, "wait", `Wait a day, ${n}`, days(1), next);
}

/** As little text as a document can have that is still a workflow: about 183 bytes a step, as the floor in the specification. */
export function leanDocument(steps: number): Document {
  const kinds: readonly ((n: number) => readonly [string, string, Step])[] = [
    (n) => ["sms", `Text ${n}`, { body: `Harbour Street Dental: part ${n}. Reply STOP to unsubscribe.` }],
    (n) => ["wait", `Wait ${n}`, days(2)],
    (n) => ["add_contact_tag", `Tag ${n}`, { tags: [`t${n}`] }],
    (n) => ["wait", `Wait ${n}`, days(3)],
  ];
  return document(
    "Lean guide",
    Array.from({ length: steps }, (_, n) => {
      const [type, name, attributes] = kinds[n % kinds.length]?.(n) ?? ["wait", "Wait", days(1)];
      return { id: uuid(n), type, name, attributes, ...(n + 1 < steps ? { next: uuid(n + 1) } : {}) };
    }),
  );
}

/** The clean control with every tenth step faulty in turn: dead waits, bad merge fields, secrets, sample text, jumps back. */
export function faultyDocument(steps: number): Document {
  const faults: readonly ((n: number, next: number) => Step)[] = [
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
  const { workflow, triggers } = cleanDocument(steps);
  const nodes = stepsOf(workflow).map((node, n) => {
    // Only a step with one way out gives its place to a faulty one.
    const replaceable = typeof node["next"] === "string" && node["cat"] === undefined;
    return n % 10 === 5 && replaceable ? (faults[Math.floor(n / 10) % faults.length]?.(n, n + 1) ?? node) : node;
  });
  return { workflow: { ...workflow, name: "Everything wrong", workflowData: { templates: nodes } }, triggers };
}

function stepsOf(workflow: Document["workflow"]): readonly Step[] {
  return (workflow["workflowData"] as { readonly templates: readonly Step[] }).templates;
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

/** A chain of quick steps with a text of `length` characters in the middle, full of openings that scanners could trip over. */
export function hugeText(length: number): Document {
  const piece = "{{contact.first_name}} <a href='https://bit.ly/x'> [name] sk_live_ reply stop & {{ ";
  const body = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
  return document("Huge text", [
    step(0, "sms", "Text", { body }, 1),
    step(1, "email", "Mail", { subject: "News", html: body }),
  ]);
}

/** Steps whose settings are named like parts of every object. As text, since `JSON.parse` alone makes such keys. */
export function prototypeKeys(steps: number): string {
  const attributes =
    '{"__proto__":{"type":"time"},"constructor":{"prototype":{}},"body":"{{__proto__.x}}","toString":1}';
  const nodes = Array.from({ length: steps }, (_, n) => {
    const next = n + 1 < steps ? `,"next":"${n === 7 ? "__proto__" : uuid(n + 1)}"` : "";
    return `{"id":"${n === 8 ? "__proto__" : uuid(n)}","type":"${n % 3 === 0 ? "constructor" : "sms"}","name":"N","attributes":${attributes}${next}}`;
  });
  return `{"id":"w","name":"Keys","status":"published","workflowData":{"templates":[${nodes.join(",")}]}}`;
}

/** Ten thousand Go Tos, each back to the one before it: a chain as deep as the document is long. */
export function deepChain(steps: number): Document {
  return document(
    "Deep chain",
    Array.from({ length: steps }, (_, n) =>
      n % 2 === 0
        ? step(n, "add_contact_tag", `Tag ${n}`, { tags: ["t"] }, n + 1 < steps ? n + 1 : undefined)
        : step(n, "goto", `Jump ${n}`, { targetNodeId: uuid(n + 1 < steps ? n + 1 : 0) }),
    ),
  );
}
