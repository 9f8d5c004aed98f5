import { type Channel, stepTypeOf } from "../domain/step-types.ts";
import { listOf, textOf } from "./attributes.ts";
import type { Step } from "./workflow.ts";

/** What the builder calls the channels. */
const labels: ReadonlyMap<string, Channel> = new Map<string, Channel>([
  ["sms", "sms"],
  ["email", "email"],
  ["whatsapp", "whatsapp"],
  ["facebook", "messenger"],
  ["messenger", "messenger"],
  ["instagram", "instagram"],
  ["gmb", "gmb"],
  ["live chat", "livechat"],
]);

export function channelOfLabel(label: string): Channel | undefined {
  return labels.get(label.toLowerCase());
}

/** Channels whose replies end a wait: those of the messages it names, and those it is labelled with. Empty: any. */
export function awaitedChannels(wait: Step, stepOf: (id: string) => Step | undefined): ReadonlySet<string> {
  const wanted = new Set<string>();
  for (const id of listOf(wait.attributes["reply"]).slice(0, 50)) {
    const channel = stepTypeOf(stepOf(textOf(id))?.type ?? "")?.channel;
    if (channel !== undefined) wanted.add(channel);
  }
  for (const label of listOf(wait.attributes["replyLabel"]).slice(0, 50)) {
    const channel = channelOfLabel(textOf(label));
    if (channel !== undefined) wanted.add(channel);
  }
  return wanted;
}
