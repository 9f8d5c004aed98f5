import { listOf, textOf } from "../model/attributes.ts";
import { sameSettings } from "../model/same-settings.ts";
import type { Step, Trigger } from "../model/workflow.ts";
import { eventTypes } from "./events.ts";
import type { LocationAnalysis, Member } from "./location-view.ts";

/** A workflow that starts as another one does and does nearly the same. */
export interface Copy {
  readonly copy: Member;
  /** In use, and the first of its like. */
  readonly original: Member;
  /** The copy's trigger that both have. */
  readonly trigger: Trigger;
  /** Steps that both have, by the steps of the longer one: 0 to 1. */
  readonly similarity: number;
  /** Steps of the copy that the original lacks. */
  readonly onlyInCopy: readonly Step[];
}

/** Least similarity of what counts as a copy. */
const NEARLY_THE_SAME = 0.8;
const LEAST_STEPS = 2;
/** Of more unlike workflows on one trigger only the first are compared with: what they cost must not grow with their square. */
const MOST_ORIGINALS = 20;
/** How far a step may stand behind its place among the steps of its type. */
const LOOK_AHEAD = 4;

/** Every copy of a workflow in use, by the copy: among the workflows in use, and the drafts of them. */
export const copies: LocationAnalysis<ReadonlyMap<Member, Copy>> = ({ members }) => {
  const originals = new Map<string, Member[]>();
  const found = new Map<Member, Copy>();
  for (const member of [...members.filter(({ inUse }) => inUse), ...members.filter(({ inUse }) => !inUse)]) {
    if (member.view.workflow.steps.length < LEAST_STEPS) continue;
    const ways = waysIn(member);
    const copy = firstOf(ways, ([key, trigger]) => copyAmong(originals.get(key) ?? [], member, trigger));
    if (copy !== null) found.set(member, copy);
    else if (member.inUse)
      for (const key of ways.keys()) {
        const list = originals.get(key);
        if (list === undefined) originals.set(key, [member]);
        else if (list.length < MOST_ORIGINALS) list.push(member);
      }
  }
  return found;
};

/** By type and filter. The triggers of a copy are off until it is published, so those of a draft count as they are. */
function waysIn({ view, inUse }: Member): ReadonlyMap<string, Trigger> {
  const ways = new Map<string, Trigger>();
  for (const trigger of view.workflow.triggers ?? []) {
    if (!eventTypes.has(trigger.type) || (inUse && !trigger.active)) continue;
    const rows = trigger.conditions.map(({ field, operator, value, id }) =>
      [field, operator, id ?? "", ...listOf(value).map(textOf).sort()].join("\n"),
    );
    ways.set([trigger.type, ...rows.sort()].join("\n\n"), trigger);
  }
  return ways;
}

function copyAmong(originals: readonly Member[], copy: Member, trigger: Trigger): Copy | null {
  return firstOf(originals, (original) => {
    const onlyInCopy = stepsWithout(copy, original);
    if (onlyInCopy === null) return null;
    const { length } = copy.view.workflow.steps;
    const longer = Math.max(length, original.view.workflow.steps.length);
    const similarity = (length - onlyInCopy.length) / longer;
    return similarity < NEARLY_THE_SAME ? null : { copy, original, trigger, similarity, onlyInCopy };
  });
}

/** The steps of one that the other lacks, type by type in order; null as soon as they are too many. */
function stepsWithout(one: Member, other: Member): readonly Step[] | null {
  const { steps } = one.view.workflow;
  const longer = Math.max(steps.length, other.view.workflow.steps.length);
  const most = steps.length - NEARLY_THE_SAME * longer;
  if (most < 0) return null;
  const reached = new Map<string, number>();
  const lacking: Step[] = [];
  for (const step of steps) {
    const alike = other.view.stepsOfType(step.type);
    const from = reached.get(step.type) ?? 0;
    const last = Math.min(alike.length, from + 1 + LOOK_AHEAD);
    let at = from;
    while (at < last && !isSame(step, alike[at])) at++;
    if (at < last) reached.set(step.type, at + 1);
    else {
      lacking.push(step);
      if (lacking.length > most) return null;
    }
  }
  return lacking;
}

function isSame(one: Step, other: Step | undefined): boolean {
  if (other === undefined || one.disabled !== other.disabled) return false;
  // Its only setting is the id of a step, which may differ from copy to copy.
  return one.type === "goto" || sameSettings(one.attributes, other.attributes);
}

function firstOf<Item, Found>(items: Iterable<Item>, look: (item: Item) => Found | null): Found | null {
  for (const item of items) {
    const found = look(item);
    if (found !== null) return found;
  }
  return null;
}
