import { stepTypeOf } from "../../domain/step-types.ts";
import { NEVER } from "../../graph/least-delay.ts";
import { compatibility } from "../../location/compatible.ts";
import { delaysFrom, type LocationEvent, newLead, sharedEvents } from "../../location/events.ts";
import type { LocationView } from "../../location/location-view.ts";
import type { Listener } from "../../location/wiring.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { counted, listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { flow, hold, onForm, onTag, row, text } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface Sent extends Listener {
  readonly step: Step;
  readonly channel: string;
  readonly seconds: number;
}

interface State {
  readonly event: LocationEvent;
  /** The first message of each workflow on the channel that they share. */
  readonly sends: readonly Sent[];
  /** Messages of these workflows within a day. */
  readonly inADay: number;
  readonly proved: boolean;
}

const MINUTE = 60;
const DAY = 86_400;

export const competingWorkflows = defineLocationRule<State>({
  meta: {
    code: "XWF-002",
    id: "competing-workflows",
    category: "cross-workflow",
    severity: "high",
    scope: "L",
    title: "Several workflows write to the contact at the same moment",
    summary:
      "Two or more published workflows whose triggers fire on one event, with filters and branches that one contact can pass, and that send on one channel within a short time. A new contact, the form they filled in and the deal opened for them are one event.",
    why: "The contact gets two or three welcome texts in the same minute: the most cited reason for complaints, and each text is paid for.",
    fix: "Let one workflow take the event in and hand over to the others, or give the triggers filters that exclude each other.",
    settings: [
      {
        key: "withinMinutes",
        type: "number",
        default: 60,
        description: "Messages that go out within this many minutes of the event count.",
      },
    ],
    sources: [
      "readysms.io/blog/ghl-workflow-sms-trigger-pitfalls",
      "github.com/uxieee/uxie-ghl-factory",
      "hlgrowthpartner.com/post/gohighlevel-workflow-triggers-2026-guide",
    ],
  },
  *find(location, settings) {
    const within = Number(settings["withinMinutes"]) * MINUTE;
    const told = new Set<string>();
    const lead = location.derive(newLead);
    for (const event of [...(lead === null ? [] : [lead]), ...location.derive(sharedEvents)]) {
      const byChannel = new Map<string, Sent[]>();
      for (const listener of event.listeners)
        for (const sent of firstSends(location, listener, within)) {
          const list = byChannel.get(sent.channel);
          if (list === undefined) byChannel.set(sent.channel, [sent]);
          else list.push(sent);
        }
      let most: { readonly sends: readonly Sent[]; readonly proved: boolean } | null = null;
      for (const channel of [...byChannel.keys()].sort()) {
        const group = together(location, byChannel.get(channel) ?? []);
        if (group !== null && group.sends.length > (most?.sends.length ?? 1)) most = group;
      }
      if (most === null) continue;
      const key = most.sends.map(({ member }) => member.at).join();
      if (told.has(key)) continue;
      told.add(key);
      // What one lead sets off is one event by experience, not by any filter.
      yield { event, ...most, proved: most.proved && event !== lead, inADay: sendsWithin(location, most.sends, DAY) };
    }
  },
  tell({ event, sends, inADay, proved }, location, settings) {
    const members = sends.map(({ member }) => member);
    const channel = channelWords.get(sends[0]?.channel ?? "") ?? "message";
    return {
      message:
        `When ${event.name}, ${listed(members.map(named))} all start and each ${sends.length === 2 ? "of the two" : ""} sends its own ${channel} within ${counted(Number(settings["withinMinutes"]), "minute")}: ${listed(sends.map(({ step }) => quoted(step)))}.`.replaceAll(
          "  ",
          " ",
        ),
      impact: `One contact gets ${counted(sends.length, `${channel}`)} at once and ${counted(inADay, "message")} within a day, and answers none of them.`,
      fix: `Keep one of these workflows as the entry and let it hand over to the others, or give the triggers filters that exclude each other.`,
      members,
      places: sends.map(({ member, step }) => ({ member, place: step })),
      hops: sends.map((sent) => hopOf(location, { ...sent, effect: `sends a ${channel}` })),
      evidence: {
        event: event.name,
        channel: sends[0]?.channel ?? "",
        sendsTogether: sends.length,
        sendsWithinADay: inADay,
        timeline: sends
          .slice(0, 20)
          .map(({ member, step, seconds }) => ({ workflow: member.key, step: step.id, seconds })),
      },
      confidence: proved ? "certain" : "likely",
      hangsOn: sends.map(({ member, trigger }) => `${member.key}/${trigger.id}`),
    };
  },
  wrong: () => [
    {
      title: "two workflows on one form",
      workflows: [flow("a", onForm("f1"), [text]), flow("b", onForm("f1"), [hold({ minutes: 5 }), text])],
    },
    {
      title: "a new contact, their form and their deal",
      workflows: [
        flow("a", { type: "contact_created" }, [text]),
        flow("b", onForm("f1"), [text]),
        flow("c", { type: "opportunity_created", conditions: [row("opportunity.pipelineId", "p")] }, [text]),
      ],
    },
    {
      title: "two workflows on one tag",
      workflows: [flow("a", onTag("new"), [text]), flow("b", onTag("New"), [text])],
    },
    {
      title: "one listens to every reply, the other to texts",
      workflows: [
        flow("a", { type: "customer_reply" }, [text]),
        flow("b", { type: "customer_reply", conditions: [row("message.type", "SMS")] }, [text]),
      ],
    },
  ],
  right: () => [
    { title: "different forms", workflows: [flow("a", onForm("f1"), [text]), flow("b", onForm("f2"), [text])] },
    {
      title: "filters that exclude each other",
      workflows: [
        flow("a", onForm("f1", row("contact.type", "lead")), [text]),
        flow("b", onForm("f1", row("contact.type", "customer")), [text]),
      ],
    },
    {
      title: "branches that exclude each other",
      workflows: [flow("a", onForm("f1"), [ask("index-of-true")]), flow("b", onForm("f1"), [ask("index-of-false")])],
    },
    {
      title: "one texts, the other mails",
      workflows: [
        flow("a", onForm("f1"), [text]),
        flow("b", onForm("f1"), [{ id: "mail", type: "email", config: { subject: "Hi", body: "Hi" } }]),
      ],
    },
    {
      title: "one of them waits a day",
      workflows: [flow("a", onForm("f1"), [text]), flow("b", onForm("f1"), [hold({ days: 1 }), text])],
    },
    {
      title: "a draft",
      workflows: [flow("a", onForm("f1"), [text]), flow("b", onForm("f1"), [text], { status: "draft" })],
    },
    {
      title: "one of them only tells the team",
      workflows: [
        flow("a", onForm("f1"), [text]),
        flow("b", onForm("f1"), [
          { id: "tell", type: "notification", config: { type: "sms", sms: { body: "New", userType: "all" } } },
        ]),
      ],
    },
  ],
});

const channelWords: ReadonlyMap<string, string> = new Map([
  ["sms", "text"],
  ["email", "email"],
  ["whatsapp", "WhatsApp message"],
  ["call", "call"],
  ["voicemail", "voicemail"],
]);

/** Workflows of one event that are compared; more of them add nothing to the finding. */
const MOST_COMPARED = 60;
const MOST_TOGETHER = 20;

/** The first message on each channel within the time, from where the trigger lets contacts in. */
function firstSends(location: LocationView, { member, trigger }: Listener, within: number): readonly Sent[] {
  const delays = location.derive(delaysFrom)(member, trigger.target);
  const first = new Map<string, Sent>();
  for (const step of member.view.stepsWith(Trait.send)) {
    const seconds = delays[step.index] as number;
    const channel = stepTypeOf(step.type)?.channel ?? "";
    const known = first.get(channel);
    if (channel === "" || seconds > within || (known !== undefined && known.seconds <= seconds)) continue;
    first.set(channel, { member, trigger, step, channel, seconds });
  }
  return [...first.values()];
}

/** As many as one contact can get all of; null when there are no two. */
function together(
  location: LocationView,
  sends: readonly Sent[],
): { readonly sends: readonly Sent[]; readonly proved: boolean } | null {
  const compare = location.derive(compatibility);
  let best: { readonly sends: readonly Sent[]; readonly proved: boolean } | null = null;
  const compared = sends.slice(0, MOST_COMPARED);
  for (const [at, seed] of compared.slice(0, 3).entries()) {
    const group = [seed];
    let proved = true;
    for (const one of compared.slice(at + 1)) {
      if (group.length >= MOST_TOGETHER) break;
      const all = [...group, one];
      const triggers = compare.shared(all.map(({ trigger }) => trigger));
      const places =
        triggers === "no" ? "no" : compare.together(all.map((sent) => ({ ...sent, triggers: [sent.trigger] })));
      if (places === "no") continue;
      proved = proved && triggers === "yes" && places === "yes";
      group.push(one);
    }
    if (group.length > 1 && group.length > (best?.sends.length ?? 0)) best = { sends: group, proved };
  }
  return best;
}

function sendsWithin(location: LocationView, sends: readonly Sent[], limit: number): number {
  let count = 0;
  for (const { member, trigger } of sends) {
    const delays = location.derive(delaysFrom)(member, trigger.target);
    for (const step of member.view.stepsWith(Trait.send)) {
      const seconds = delays[step.index] as number;
      if (seconds !== NEVER && seconds <= limit) count++;
    }
  }
  return count;
}

function ask(operator: string): object {
  return {
    id: "ask",
    type: "condition",
    branches: [
      { name: "Yes", conditions: [{ field: "contact.tags", operator, value: ["customer"] }], actions: [text] },
      { name: "None", next: null },
    ],
  };
}
