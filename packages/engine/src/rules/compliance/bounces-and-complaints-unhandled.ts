import { arrival } from "../../graph/arrival.ts";
import { NEVER } from "../../graph/least-delay.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import type { Member } from "../../location/location-view.ts";
import { wiring } from "../../location/wiring.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { texts } from "../../text/texts.ts";
import { counted, listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { flow, hold, onForm, row } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";
import { isMarketing } from "./marketing.ts";

interface Sender {
  readonly member: Member;
  readonly step: Step;
}

export const bouncesAndComplaintsUnhandled = defineLocationRule<readonly Sender[]>({
  meta: {
    code: "COMP-014",
    id: "bounces-and-complaints-unhandled",
    category: "compliance",
    severity: "high",
    scope: "L",
    title: "Nobody notices bounces and complaints",
    summary:
      "Workflows send offers or email series, and none of the location reacts to a bounce, a complaint or an unsubscribe.",
    why: "Dead addresses and annoyed readers stay on the list, and the sender's reputation decays unseen until everything lands in spam.",
    fix: "One workflow on email events (bounced, complained, unsubscribed) that tags the contact and takes them out of the series.",
    sources: ["help articles 155000007768 (email health), 155000001634 (sender requirements)"],
  },
  partlyUnchecked: ({ unseen }) =>
    unseen.length > 0 ? "workflows that were not given, or could not be read, may listen to email events" : null,
  *find(location) {
    const { triggers } = location.derive(wiring);
    const heard = [...(triggers.get("mailgun_email_event") ?? []), ...(triggers.get("dnd_contact") ?? [])];
    if (heard.some(({ member, trigger }) => member.inUse && hearsTrouble(trigger))) return;
    if (location.members.some((member) => member.inUse && waitsForTrouble(member))) return;
    const senders: Sender[] = [];
    for (const member of location.members) {
      if (!member.inUse || member.view.stepsOfType("email").length === 0) continue;
      const markets = member.view.derive(isMarketing);
      const shared = member.view.derive(texts);
      const times = member.view.derive(arrival);
      // An answer to a request is no campaign: an offer is, or what still comes after a day.
      const step = shared.messages.find(
        (text) =>
          text.step.type === "email" &&
          markets(text) &&
          (hitOf(shared.reading(text), "promotional") !== null || isLate(times[text.step.index] as number)),
      )?.step;
      if (step !== undefined) senders.push({ member, step });
    }
    if (senders.length > 0) yield senders;
  },
  tell(senders, location) {
    return {
      message: `${counted(senders.length, "workflow")} ${senders.length === 1 ? "sends" : "send"} marketing emails (${listed(senders.map(({ member }) => named(member)))}), and no workflow reacts to bounces, complaints or unsubscribes.`,
      impact: "Mail providers count every bounce and complaint; when they are too many, all your emails land in spam.",
      fix: "Add a workflow on Email Events with bounced, complained and unsubscribed that tags the contact and removes them from the email series.",
      members: senders.map(({ member }) => member),
      places: senders.map(({ member, step }) => ({ member, place: step })),
      hops: senders.slice(0, 20).map(({ member, step }) =>
        hopOf(location, {
          member,
          trigger: null,
          step,
          effect: `sends the marketing email ${quoted(step)}`,
          seconds: 0,
        }),
      ),
      evidence: { senders: senders.length, listeners: 0, searchedFor: ["bounced", "complained", "unsubscribed"] },
      confidence: "likely",
      hangsOn: [],
    };
  },
  wrong: () => [
    { title: "a newsletter and nobody who listens", workflows: [flow("a", onForm("f"), [mail])] },
    {
      title: "a series over several days",
      workflows: [
        flow("a", onForm("f"), [
          hold({ days: 2 }),
          { ...receipt, config: { subject: "Part two", body: "What to expect" } },
        ]),
      ],
    },
    {
      title: "opened emails are no trouble",
      workflows: [flow("a", onForm("f"), [mail]), flow("b", onEvent("opened"), [note])],
    },
  ],
  right: () => [
    {
      title: "a workflow for bounces",
      workflows: [flow("a", onForm("f"), [mail]), flow("b", onEvent("bounced"), [note])],
    },
    {
      title: "one that hears every email event",
      workflows: [flow("a", onForm("f"), [mail]), flow("b", { type: "mailgun_email_event" }, [note])],
    },
    { title: "a receipt is no marketing", workflows: [flow("a", { type: "payment_received" }, [receipt])] },
    {
      title: "an answer to a request is no campaign",
      workflows: [
        flow("a", onForm("f"), [{ ...receipt, config: { subject: "We got it", body: "We call you today." } }]),
      ],
    },
    { title: "a draft sends nothing", workflows: [flow("a", onForm("f"), [mail], { status: "draft" })] },
  ],
});

function isLate(seconds: number): boolean {
  return seconds !== NEVER && seconds >= DAY;
}

const DAY = 86_400;

const trouble = /bounc|complain|spam|unsubscrib|permanent|fail|reject/i;

function hearsTrouble({ type, conditions }: Trigger): boolean {
  if (type === "dnd_contact") return true;
  const events = conditions
    .filter(({ field }) => field === "mailgun.event")
    .flatMap(({ value }) => listOf(value).map(textOf));
  return events.length === 0 || events.some((event) => trouble.test(event));
}

function waitsForTrouble({ view }: Member): boolean {
  return view
    .derive(waitTimings)
    .ofKind.event.some(({ attributes }) =>
      listOf(attributes["emailEventTypes"]).some((event) => trouble.test(textOf(event))),
    );
}

const mail = {
  id: "mail",
  type: "email",
  name: "Spring sale",
  config: { subject: "Spring sale: 20% off", body: "Special offer for you, 20% off this week only." },
};
const receipt = {
  id: "mail",
  type: "email",
  name: "Receipt",
  config: { subject: "Your receipt", body: "Thank you for your payment. Your invoice is attached." },
};
const note = { id: "note", type: "add_note", name: "Note it", config: { html: "Bounced" } };

function onEvent(event: string) {
  return { type: "mailgun_email_event", conditions: [row("mailgun.event", event)] };
}
