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
  const add = (channel: Channel | undefined) => {
    if (channel !== undefined) wanted.add(channel);
  };
  const ids = listOf(wait.attributes["reply"]);
  for (let at = 0; at < ids.length && at < MOST_NAMED; at++)
    add(stepTypeOf(stepOf(textOf(ids[at]))?.type ?? "")?.channel);
  const named = listOf(wait.attributes["replyLabel"]);
  for (let at = 0; at < named.length && at < MOST_NAMED; at++) add(channelOfLabel(textOf(named[at])));
  return wanted;
}

/** Messages and channels that one wait may name. */
const MOST_NAMED = 50;
