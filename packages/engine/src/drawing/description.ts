import { type StepKind, stepTypeOf } from "../domain/step-types.ts";
import { textFields } from "../domain/text-fields.ts";
import { triggerTypeOf } from "../domain/trigger-types.ts";
import { textOf } from "../model/attributes.ts";
import { END_TYPE, Trait } from "../model/traits.ts";
import { eventOffset, readWait } from "../model/waits.ts";
import type { Step, Trigger, Workflow } from "../model/workflow.ts";
import { visibleText } from "../text/visible-text.ts";
import { counted, inWords, quoted } from "../words.ts";
import type { LayoutNode, NodeKind } from "./types.ts";
import { firstWords } from "./words.ts";

type Words = Pick<LayoutNode, "id" | "kind" | "title" | "detail" | "disabled">;

/** What stands in a step's box: its name, and what matters of it. */
export function describeStep(step: Step, workflow: Workflow): Words {
  const detail = firstWords(detailOf(step, workflow));
  const words = { id: step.id, kind: kindOf(step), title: firstWords(step.name), detail };
  return step.disabled ? { ...words, disabled: true } : words;
}

export function describeTrigger(trigger: Trigger): Words {
  const known = triggerTypeOf(trigger.type)?.name ?? trigger.type;
  const detail = firstWords(trigger.name === known ? "" : known);
  const words = { id: trigger.id, kind: "trigger" as const, title: firstWords(trigger.name), detail };
  return trigger.active ? words : { ...words, disabled: true };
}

const kinds: Readonly<Partial<Record<StepKind, NodeKind>>> = {
  send: "text",
  notify: "team",
  manual: "team",
  wait: "wait",
  drip: "wait",
  branch: "branch",
  lookup: "branch",
  transition: "branch",
  loop: "branch",
  jump: "jump",
  goal: "goal",
  enrol: "workflow",
  unenrol: "workflow",
  contact: "contact",
  deleteContact: "contact",
  opportunity: "deal",
  payment: "deal",
  appointment: "calendar",
  eventDate: "calendar",
  webhook: "outbound",
  integration: "outbound",
  code: "outbound",
  ai: "ai",
  bot: "ai",
};

function kindOf(step: Step): NodeKind {
  if (step.type === END_TYPE) return "exit";
  const type = stepTypeOf(step.type);
  if (type === undefined) return (step.traits & Trait.integration) === 0 ? "unknown" : "outbound";
  if (type.channel === "email") return "email";
  if (type.channel === "call" || type.channel === "voicemail") return "call";
  if (step.type.includes("_contact_tag")) return "tag";
  return kinds[type.kind] ?? "action";
}

function detailOf(step: Step, workflow: Workflow): string {
  if (step.type === "wait") return waitInWords(step);
  if (step.type === "goto") return goesTo(step, workflow);
  const text = messageOf(step);
  if (text !== "") return text;
  const { tags } = step.attributes;
  if (step.type.includes("_contact_tag") && Array.isArray(tags)) return tags.slice(0, 20).map(textOf).join(", ");
  const known = stepTypeOf(step.type)?.name ?? step.type;
  if (step.branches.length > 1) return `${known}, ${counted(step.branches.length, "way")}`;
  return known === step.name ? "" : known;
}

function goesTo(step: Step, workflow: Workflow): string {
  const target = workflow.steps[step.jump];
  return target === undefined ? "Leads nowhere" : `On to ${quoted(target)}`;
}

/** Subject and text of a message to the contact. */
function messageOf(step: Step): string {
  if ((step.traits & Trait.send) === 0) return "";
  const parts: string[] = [];
  for (const { keys, role, html } of textFields.get(step.type) ?? []) {
    const value = keys.length === 1 ? step.attributes[keys[0] ?? ""] : undefined;
    if (typeof value !== "string" || (role !== "message" && role !== "subject")) continue;
    const start = value.slice(0, 4_000);
    const words = (html ? visibleText(start) : start).trim();
    if (words !== "") parts.push(words);
  }
  return parts.join(" · ");
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
  const event = (Object.hasOwn(events, type) ? events[type] : undefined) ?? type;
  if (kind === "event") {
    if (!timesOut) return `${event}, however long it takes`;
    return timeoutSeconds === null ? `${event}, with a timeout` : `${event}, at most ${inWords(timeoutSeconds)}`;
  }
  const { when, seconds } = eventOffset(step);
  const anchor = (Object.hasOwn(anchors, type) ? anchors[type] : undefined) ?? "the event";
  return when === null || !seconds ? event : `${inWords(seconds)} ${when} ${anchor}`;
}
