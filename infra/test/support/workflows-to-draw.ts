/** Workflows of any size in the graph format that read like a real business's, with a fault here and there. */

interface Node {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

interface Connection {
  readonly from: string;
  readonly to: string;
  readonly branch?: string;
}

type Part = Omit<Node, "id">;

const topics = ["whitening", "a check-up", "aligners", "implants", "hygiene", "veneers", "braces", "a second opinion"];
const topic = (number: number): string => topics[number % topics.length] ?? "a check-up";

const days = (value: number) => ({ type: "time", startAfter: { type: "days", value } });

/** One round of a follow-up, step by step; every text differs. */
const parts: readonly ((number: number) => Part)[] = [
  (n) => ({ type: "add_contact_tag", name: `Tag interest in ${topic(n)}`, config: { tags: [`interest-${n}`] } }),
  (n) => ({
    type: "email",
    name: `Guide to ${topic(n)}`,
    config: {
      subject: `Your guide to ${topic(n)}, part ${n}`,
      html: `<p>Hello {{contact.first_name}},</p><p>what to expect of ${topic(n)}, in five minutes.</p><p>{{location.full_address}} <a href="{{unsubscribe}}">Unsubscribe</a></p>`,
      from_name: "Harbour Street Dental",
      from_email: "hello@harbourstreetdental.com",
    },
  }),
  (n) => ({ type: "wait", name: `Let them read ${n}`, config: n % 9 === 7 ? { type: "time" } : days(2 + (n % 3)) }),
  (n) => ({
    type: "sms",
    name: `Ask about ${topic(n)}`,
    config: {
      body: `Harbour Street Dental: any questions about ${topic(n)}? Just answer this text. Reply STOP to unsubscribe. (${n})`,
    },
  }),
  (n) => ({
    type: "task-notification",
    name: `Call about ${topic(n)}`,
    config: { title: `Call about ${topic(n)}`, body: `Part ${n}` },
  }),
];

/** A tree of follow-ups: after a few steps the way parts for those who booked, those who answered and the rest. */
export function workflowOf(steps: number): unknown {
  const nodes: Node[] = [];
  const connections: Connection[] = [];
  const open: { readonly from: string; readonly branch?: string }[] = [{ from: "form" }];
  const add = (part: Part, from: { readonly from: string; readonly branch?: string }): string => {
    const id = `step-${nodes.length}`;
    nodes.push({ id, ...part });
    connections.push({ ...from, to: id });
    return id;
  };
  for (let round = 0; nodes.length < steps; round++) {
    let at = open.shift() ?? { from: `step-${nodes.length - 1}` };
    for (let number = 0; number < 4 + (round % 3) && nodes.length < steps; number++) {
      const part = parts[(number + round) % parts.length]?.(nodes.length);
      if (part !== undefined) at = { from: add(part, at) };
    }
    if (steps - nodes.length < 6) continue;
    if (round % 5 === 3) {
      add(
        {
          type: "goto",
          name: "Begin again",
          config: { target: connections.find(({ to }) => to === at.from)?.from ?? "" },
        },
        at,
      );
      continue;
    }
    const choice = add({ type: "if_else", name: `What happened by then? (${round + 1})`, config: {} }, at);
    for (const branch of round % 2 === 0 ? ["Booked", "Answered", "None"] : ["Opened the guide", "None"]) {
      open.push({ from: choice, branch });
    }
  }
  return {
    id: `wf-${steps}`,
    name: `Consultation follow-up, ${steps} steps`,
    status: "published",
    triggers: [
      {
        id: "form",
        type: "form_submission",
        name: "Consultation form",
        active: true,
        conditions: [{ field: "form.id", operator: "is-any-of", value: ["consultation"] }],
      },
    ],
    nodes,
    connections,
  };
}
