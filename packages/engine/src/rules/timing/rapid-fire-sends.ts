import { type Channel, stepTypeOf } from "../../domain/step-types.ts";
import { NEVER } from "../../graph/least-delay.ts";
import { type SinceLast, sinceLast } from "../../graph/since-last.ts";
import { isBlank, listOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { texts } from "../../text/texts.ts";
import type { Analysis, View } from "../../view.ts";
import { inWords, listed, quoted } from "../../words.ts";
import { stepsAt } from "../places.ts";
import { defineRule } from "../rule.ts";

interface Burst {
  readonly channel: Channel;
  /** In document order. */
  readonly sends: readonly Step[];
  readonly pairs: readonly Pair[];
  /** Three of them within an hour. */
  readonly three: boolean;
  /** The sends and what stands between them. */
  readonly places: readonly string[];
}

interface Pair {
  readonly first: Step;
  readonly second: Step;
  readonly seconds: number;
}

const HOUR = 3600;

export const rapidFireSends = defineRule<Burst>({
  meta: {
    code: "TIME-008",
    id: "rapid-fire-sends",
    category: "timing",
    severity: "medium",
    scope: "W",
    title: "Messages in quick succession",
    summary:
      "Two messages to the contact on one channel less than 10 minutes apart (a setting), or, high, three within an hour.",
    why: "It reads like spam. Opt-outs rise over the 1 % at which carriers and HighLevel look closer.",
    fix: "Put a wait between them, or say it in one message.",
    settings: [
      { key: "minutes", type: "number", default: 10, description: "Two messages closer than this are reported." },
    ],
    sources: [
      "help article 155000000079 (SMS deliverability practices)",
      "tkturners.com/blog/ghl-workflow-automation-best-practices",
    ],
  },
  sees: { traits: Trait.send },
  *find(view, settings) {
    const sends = view.stepsWith(Trait.send);
    if (sends.length < 2 || !isAnyNear(view, sends)) return;
    const limit = typeof settings["minutes"] === "number" ? settings["minutes"] * 60 : 600;
    for (const [channel, list] of byChannel(sends)) if (list.length > 1) yield* burstsOn(view, channel, list, limit);
  },
  tell({ channel, sends, pairs, three, places }) {
    const names = listed(sends.map(quoted));
    const least = Math.min(...pairs.map(({ seconds }) => seconds));
    const how = least === 0 ? "without a pause between them" : `only ${inWords(least)} apart`;
    return {
      message: three
        ? `${names} go out within an hour, all by ${channelWords[channel] ?? channel}.`
        : `${names} go out ${how}, both by ${channelWords[channel] ?? channel}.`,
      impact: three
        ? "A contact's phone rings again and again: people opt out or report the sender, and the number suffers for every contact."
        : "The second message pushes the first one away, and both look like a machine that cannot stop.",
      fix: `Put a wait between ${listed(sends.slice(0, 2).map(quoted))}, or say it in one message.`,
      steps: sends.slice(0, 50),
      ...(sends[0] === undefined ? {} : { at: sends[0] }),
      hangsOn: sends.slice(0, 50).map(({ id }) => id),
      causedAt: places,
      evidence: {
        channel,
        sends: sends.length,
        pairs: pairs
          .slice(0, 20)
          .map(({ first, second, seconds }) => ({ first: first.id, second: second.id, secondsBetween: seconds })),
      },
      severity: three ? "high" : "medium",
    };
  },
  wrong: () => [
    { title: "two texts at once", workflow: { actions: [text("a"), text("b")] } },
    { title: "two texts five minutes apart", workflow: { actions: [text("a"), wait({ minutes: 5 }), text("b")] } },
    {
      title: "an email between them does not part them",
      workflow: { actions: [text("a"), mail("m"), text("b")] },
    },
    {
      title: "three emails within an hour",
      workflow: {
        actions: [mail("a"), wait({ minutes: 20 }, "w1"), mail("b"), wait({ minutes: 20 }, "w2"), mail("c")],
      },
    },
    {
      title: "five texts in a row are one finding",
      workflow: { actions: [text("a"), text("b"), text("c"), text("d"), text("e")] },
    },
    {
      title: "half an hour is too short by a stricter setting",
      workflow: { actions: [text("a"), wait({ minutes: 30 }), text("b")] },
      options: { rules: { "TIME-008": { settings: { minutes: 60 } } } },
    },
    {
      title: "the timeout of a wait comes soon",
      workflow: {
        actions: [
          text("a"),
          {
            ...wait({ event: "reply", timeout: { minutes: 2 } }),
            branches: [
              { name: "Reply", next: null },
              { name: "Timeout", next: "b" },
            ],
          },
          text("b"),
        ],
      },
    },
  ],
  right: () => [
    { title: "a day between", workflow: { actions: [text("a"), wait({ days: 1 }), text("b")] } },
    { title: "a text and an email", workflow: { actions: [text("a"), mail("b")] } },
    {
      title: "either one or the other",
      workflow: {
        actions: [
          {
            id: "which",
            type: "condition",
            branches: [
              { name: "A", actions: [text("a")] },
              { name: "None", actions: [text("b")] },
            ],
          },
        ],
      },
    },
    {
      title: "the second one answers the contact",
      workflow: { actions: [text("a"), wait({ event: "reply", timeout: { days: 1 } }), text("b")] },
    },
    {
      title: "a picture that follows its text",
      workflow: {
        actions: [text("a"), { id: "b", type: "sms", config: { body: "The map", attachments: ["map.png"] } }],
      },
    },
    {
      title: "a confirmation and its calendar link",
      workflow: {
        actions: [
          text("a"),
          { id: "b", type: "sms", config: { body: "Calendar: {{appointment.add_to_google_calendar}}" } },
        ],
      },
    },
    {
      title: "a loop sends one text again",
      workflow: {
        actions: [text("a"), wait({ minutes: 5 }), { id: "again", type: "goto", config: { target: "a" } }],
      },
    },
    {
      title: "two messages of your team",
      workflow: { actions: [notify("a"), notify("b")] },
    },
  ],
});

const channelWords: Readonly<Partial<Record<Channel, string>>> = {
  sms: "text message",
  whatsapp: "WhatsApp",
  gmb: "Google Business message",
  rcs: "RCS",
  livechat: "live chat",
  push: "push message",
  review: "review request",
  bot: "chat",
  messenger: "Messenger",
  instagram: "Instagram",
  tiktok: "TikTok",
};

/** Most workflows have nothing that close, and then one walk says so for all channels. */
function isAnyNear({ graph }: View, sends: readonly Step[]): boolean {
  const { seconds } = sinceLast(
    graph,
    sends.map(({ index }) => index),
    HOUR,
  );
  return sends.some(({ index }) => seconds[index] !== NEVER);
}

function byChannel(sends: readonly Step[]): ReadonlyMap<Channel, Step[]> {
  const lists = new Map<Channel, Step[]>();
  for (const step of sends) {
    const channel = stepTypeOf(step.type)?.channel;
    if (channel === undefined) continue;
    const list = lists.get(channel);
    if (list === undefined) lists.set(channel, [step]);
    else list.push(step);
  }
  return lists;
}

function* burstsOn(view: View, channel: Channel, sends: readonly Step[], limit: number): Generator<Burst> {
  // In the order of their ids, so that the order of the document decides nothing.
  const sources = [...sends].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ index }) => index);
  const since = sinceLast(view.graph, sources, Math.max(HOUR, limit));
  const gap = (node: number) => (since.from[node] === node ? NEVER : (since.seconds[node] as number));
  const linked = new Set<number>();
  const third = new Set<number>();
  for (const node of sources) {
    const second = since.from[node] as number;
    if (gap(node) < limit && !isFollowUp(view, node)) linked.add(node);
    if (gap(node) + gap(second) < HOUR && since.from[second] !== node) {
      linked.add(node).add(second);
      third.add(node);
    }
  }
  for (const group of groupsOf(linked, since)) {
    const steps = stepsAt(view, group);
    const pairs = group
      .filter((node) => linked.has(node))
      .map((node) => ({
        first: view.workflow.steps[since.from[node] as number] as Step,
        second: view.workflow.steps[node] as Step,
        seconds: gap(node),
      }));
    const three = group.some((node) => third.has(node));
    yield { channel, sends: steps, pairs, three, places: placesOf(view, group, linked, since) };
  }
}

/** Sends that hang together, each group in document order. */
function groupsOf(linked: ReadonlySet<number>, { from }: SinceLast): readonly (readonly number[])[] {
  const groupOf = new Map<number, number[]>();
  for (const node of linked) {
    const other = from[node] as number;
    const mine = groupOf.get(node) ?? [node];
    const theirs = groupOf.get(other) ?? [other];
    if (mine === theirs) continue;
    const [small, large] = mine.length < theirs.length ? [mine, theirs] : [theirs, mine];
    large.push(...small);
    for (const member of large) groupOf.set(member, large);
  }
  return [...new Set(groupOf.values())]
    .map((group) => group.sort((a, b) => a - b))
    .sort((a, b) => (a[0] as number) - (b[0] as number));
}

const MOST_PLACES = 100;

function placesOf(
  { workflow }: View,
  group: readonly number[],
  linked: ReadonlySet<number>,
  { from, before }: SinceLast,
): readonly string[] {
  const places = new Set<string>();
  const add = (node: number) => places.add(workflow.steps[node]?.id ?? "");
  for (const node of group) {
    add(node);
    if (!linked.has(node)) continue;
    for (let at = before[node] as number; at !== from[node]; at = before[at] as number) {
      if (places.size >= MOST_PLACES) return [...places];
      add(at);
    }
  }
  return [...places];
}

const CALENDAR = /add_to_|calendar|cancellation_link|reschedule_link/;

const calendarSenders: Analysis<ReadonlySet<Step>> = (view) => {
  const senders = new Set<Step>();
  for (const { text, fields } of view.derive(texts).merging)
    if (fields.some(({ path }) => CALENDAR.test(path))) senders.add(text.step);
  return senders;
};

/** A picture or a calendar link that belongs to the message before it. */
function isFollowUp(view: View, node: number): boolean {
  const step = view.workflow.steps[node] as Step;
  if (listOf(step.attributes["attachments"]).some((file) => !isBlank(file))) return true;
  return view.derive(calendarSenders).has(step);
}

function text(id: string): object {
  return { id, type: "sms", name: `Text ${id}`, config: { body: "Acme Dental: hello. Reply STOP to unsubscribe." } };
}

function mail(id: string): object {
  return { id, type: "email", name: `Email ${id}`, config: { subject: "Hello", body: "Hello" } };
}

function notify(id: string): object {
  return { id, type: "notification", config: { type: "sms", sms: { body: "New lead", userType: "all" } } };
}

function wait(config: object, id = "hold"): object {
  return { id, type: "wait", config };
}
