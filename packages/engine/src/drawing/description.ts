import { stepTypeOf } from "../domain/step-types.ts";
import { triggerTypeOf } from "../domain/trigger-types.ts";
import { Trait } from "../model/traits.ts";
import type { Attributes, Step, Trigger } from "../model/workflow.ts";
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
  if (step.type === "wait") return waitInWords(attributes);
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

const eventWaits: Readonly<Record<string, string>> = {
  reply: "Until the contact replies",
  condition: "Until a condition is met",
  appointment: "Until the appointment",
  service_booking: "Until the booking",
  overdue: "Until the invoice is due",
  email_event: "Until an email event",
  link_clicked: "Until a link is clicked",
  specific_date: "Until a date",
};

function waitInWords(attributes: Attributes): string {
  const kind = attributes["type"];
  const length = lengthInWords(attributes["startAfter"]);
  if (kind === "time" || typeof kind !== "string") return length ?? "No duration given";
  const event = eventWaits[kind] ?? kind;
  if (kind === "appointment") {
    const offset = attributes["appointmentStartAfter"];
    const distance = lengthInWords(offset);
    const when = typeof offset === "object" && offset !== null && "when" in offset ? offset.when : undefined;
    return distance === undefined ? event : `${distance} ${when === "after" ? "after" : "before"} the appointment`;
  }
  return length === undefined ? `${event}, however long it takes` : `${event}, at most ${length}`;
}

function lengthInWords(given: unknown): string | undefined {
  if (typeof given !== "object" || given === null || !("value" in given) || !("type" in given)) return undefined;
  const { value, type } = given;
  if ((typeof value !== "number" && typeof value !== "string") || typeof type !== "string" || Number(value) <= 0) {
    return undefined;
  }
  const unit = type.replace(/s$/, "");
  return `${value} ${unit}${Number(value) === 1 ? "" : "s"}`;
}

/** A stored layout needs first words, not the whole message. */
function shorten(text: string): string {
  const flat = text.slice(0, 400).replace(/\s+/g, " ").trim();
  return flat.length > 120 ? `${flat.slice(0, 119)}…` : flat;
}
