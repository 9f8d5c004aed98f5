import { type Channel, typesOnChannels } from "../../domain/step-types.ts";
import { type FactName, type Location, needsFacts } from "../../location/location.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Unconnected {
  readonly way: Way;
  readonly steps: readonly Step[];
}

interface Way {
  readonly name: string;
  readonly fact: FactName;
  readonly types: readonly string[];
  /** What the location lacks. */
  readonly lacks: string;
  readonly connected: (location: Location) => boolean;
}

const way = (
  name: string,
  channels: readonly Channel[],
  fact: FactName,
  lacks: string,
  connected: Way["connected"],
): Way => ({ name, types: typesOnChannels(new Set<string>(channels)), fact, lacks, connected });

const ways: readonly Way[] = [
  way("text messages", ["sms"], "phoneNumbers", "a number that can send texts", ({ canSendSms }) => canSendSms()),
  way("calls and voicemails", ["call", "voicemail"], "phoneNumbers", "a phone number", ({ hasNumbers }) =>
    hasNumbers(),
  ),
  way("emails", ["email"], "sendingDomains", "a sending domain", ({ sendingDomains }) => sendingDomains.length > 0),
  way(
    "WhatsApp messages",
    ["whatsapp"],
    "channels",
    "a WhatsApp number",
    ({ channels }) => channels.whatsapp !== false,
  ),
  way(
    "Messenger messages",
    ["messenger"],
    "channels",
    "a Facebook page",
    ({ channels }) => channels.facebook !== false,
  ),
  way(
    "Instagram messages",
    ["instagram"],
    "channels",
    "an Instagram account",
    ({ channels }) => channels.instagram !== false,
  ),
];

export const channelNotConnected = defineRule<Unconnected>({
  meta: {
    code: "INTG-009",
    id: "channel-not-connected",
    category: "integrations",
    severity: "critical",
    scope: "F",
    title: "Messages on a channel that is not connected",
    summary:
      "Texts, calls, emails or social messages in a location without a number, domain or account that can send them.",
    why: "Nothing leaves the building, and the workflow goes on as if it had.",
    fix: "Connect the channel in the location's settings, or send on one that is connected.",
    sources: ["platform fact F27", "reasoned"],
  },
  sees: { traits: Trait.send | Trait.internal },
  unchecked(view) {
    const used = usedWays(view);
    const { location } = view.options;
    return used.some(({ fact }) => location.knows(fact))
      ? null
      : needsFacts(
          location,
          used.map(({ fact }) => fact),
        );
  },
  partlyUnchecked: (view) =>
    needsFacts(
      view.options.location,
      usedWays(view).map(({ fact }) => fact),
    ),
  *find(view) {
    const { location } = view.options;
    for (const used of usedWays(view)) {
      if (!location.knows(used.fact) || used.connected(location)) continue;
      const steps = used.types.flatMap((type) => view.stepsOfType(type).filter(({ disabled }) => !disabled));
      if (steps.length > 0) yield { way: used, steps };
    }
  },
  tell({ way: { name, fact, lacks }, steps }, view) {
    const { asOf } = view.options.location;
    return {
      message: `${listed(steps.map(quoted))} ${steps.length === 1 ? "sends" : "send"} ${name}, and the location has not ${lacks}${asOf === null ? "" : ` (as of ${asOf})`}.`,
      impact: `${counted(steps.length, "step")} of this workflow ${steps.length === 1 ? "reaches" : "reach"} nobody.`,
      fix: "Connect it in the settings of the location, or use another channel here.",
      steps: steps.slice(0, 50),
      evidence: { channel: name, fact, steps: steps.length, ...(asOf === null ? {} : { factsAsOf: asOf }) },
      // A location without a domain of its own may still send by HighLevel's shared one.
      confidence: fact === "sendingDomains" ? "likely" : "certain",
      hangsOn: [name],
    };
  },
  wrong: () => [
    {
      title: "the only number cannot send texts",
      workflow: exampleWorkflow([text]),
      options: { facts: { asOf: "2026-11-20", phoneNumbers: [{ number: "+13125558142", sms: false }] } },
    },
    {
      title: "two emails without a domain are one finding",
      workflow: exampleWorkflow([mail("a"), mail("b")]),
      options: { facts: { sendingDomains: [] } },
    },
    {
      title: "WhatsApp is not connected",
      workflow: exampleWorkflow([{ id: "wa", type: "whatsapp_v2", attributes: { template_id: "t1" } }]),
      options: { facts: { channels: { whatsapp: false } } },
    },
  ],
  right: () => [
    {
      title: "a number that can send texts",
      workflow: exampleWorkflow([text]),
      options: { facts: { phoneNumbers: [{ number: "+13125558142", sms: true }] } },
    },
    { title: "nothing is known of numbers", workflow: exampleWorkflow([text]), options: { facts: { users: [] } } },
    {
      title: "a channel of which nothing is said",
      workflow: exampleWorkflow([{ id: "wa", type: "whatsapp_v2", attributes: { template_id: "t1" } }]),
      options: { facts: { channels: { facebook: false } } },
    },
  ],
});

function usedWays(view: View): readonly Way[] {
  return ways.filter(({ types }) => types.some((type) => view.stepsOfType(type).length > 0));
}

const text = sms("text", "Acme: see you tomorrow. Reply STOP to unsubscribe");

function mail(id: string) {
  return { id, type: "email", name: "Email", attributes: { subject: "Hello", html: "<p>Hello</p>" } };
}
