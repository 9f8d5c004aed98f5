import { stepTypeOf } from "../domain/step-types.ts";
import { triggerTypeOf } from "../domain/trigger-types.ts";
import { textOf } from "../model/attributes.ts";
import { Trait } from "../model/traits.ts";
import { eventOffset, readWait } from "../model/waits.ts";
import type { Step, Trigger } from "../model/workflow.ts";
import { inWords } from "../words.ts";
import type { LayoutNode, NodeKind } from "./types.ts";

type Words = Pick<LayoutNode, "id" | "kind" | "title" | "detail" | "disabled">;

/** What stands in a step's box: its name, and what matters of it. */
export function describeStep(step: Step): Words {
  const words = { id: step.id, kind: kindOf(step), title: step.name, detail: shorten(detailOf(step)) };
  return step.disabled ? { ...words, disabled: true } : words;
}

export function describeTrigger(trigger: Trigger): Words {
  const known = triggerTypeOf(trigger.type)?.name ?? trigger.type;
  const detail = trigger.name === known ? "" : known;
  const words = { id: trigger.id, kind: "trigger" as const, title: trigger.name, detail };
  return trigger.active ? words : { ...words, detail: `${known} (inactive)`, disabled: true };
}

function kindOf(step: Step): NodeKind {
  const { traits } = step;
  if ((traits & Trait.send) !== 0) return "message";
  if ((traits & Trait.decide) !== 0 && step.type !== "wait") return "branch";
  if ((traits & Trait.pause) !== 0) return "wait";
  if ((traits & Trait.terminal) !== 0) return "exit";
  return (traits & (Trait.known | Trait.integration)) === 0 ? "unknown" : "action";
}

function detailOf(step: Step): string {
  const { attributes } = step;
  if (step.type === "wait") return waitInWords(step);
  if ((step.traits & Trait.send) !== 0) {
    const words = [attributes["subject"], attributes["body"], attributes["html"], attributes["message"]].find(
      (text): text is string => typeof text === "string" && text.trim() !== "",
    );
    if (words !== undefined) return words.slice(0, 2_000).replace(/<[^<>]{0,500}>/g, " ");
  }
  if (step.type.endsWith("_contact_tag") && Array.isArray(attributes["tags"])) {
    return attributes["tags"].filter((tag) => typeof tag === "string").join(", ");
  }
  const known = stepTypeOf(step.type)?.name;
  if (known === undefined) return step.type;
  return known === step.name ? "" : known;
}

const events: Readonly<Record<string, string>> = {
  reply: "Until the contact replies",
  contact_reply: "Until the contact replies",
  condition: "Until a condition is met",
  appointment: "Until the appointment",
  service_booking: "Until the booking",
  overdue: "Until the invoice is due",
  email_event: "Until an email event",
  link_clicked: "Until a link is clicked",
  specific_date: "Until a date",
};

const anchors: Readonly<Record<string, string>> = {
  appointment: "the appointment",
  service_booking: "the booking",
  overdue: "the due date",
};

function waitInWords(step: Step): string {
  const { kind, leastSeconds, timeoutSeconds, timesOut, pauses } = readWait(step);
  if (kind === "time") {
    if (!pauses) return "No duration given";
    return leastSeconds > 0 ? inWords(leastSeconds) : "As long as a field says";
  }
  const type = textOf(step.attributes["type"]);
  const event = events[type] ?? type;
  if (kind === "event") {
    if (!timesOut) return `${event}, however long it takes`;
    return timeoutSeconds === null ? `${event}, with a timeout` : `${event}, at most ${inWords(timeoutSeconds)}`;
  }
  const { when, seconds } = eventOffset(step);
  return when === null || !seconds ? event : `${inWords(seconds)} ${when} ${anchors[type] ?? "the event"}`;
}

/** A stored layout needs first words, not the whole message. */
function shorten(text: string): string {
  const flat = text.slice(0, 400).replace(/\s+/g, " ").trim();
  return flat.length > 120 ? `${flat.slice(0, 119)}…` : flat;
}
