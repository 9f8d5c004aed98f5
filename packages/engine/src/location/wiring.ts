import { arrival } from "../graph/arrival.ts";
import { NEVER } from "../graph/least-delay.ts";
import { listOf, textOf } from "../model/attributes.ts";
import type { Step, Trigger } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import { type Effect, effectKinds, effectsOf, hears } from "./effects.ts";
import type { LocationAnalysis, LocationView, Member } from "./location-view.ts";

/** A step that runs reach, and what it changes. */
export interface Cause {
  readonly member: Member;
  readonly step: Step;
  readonly effect: Effect;
  /** Least time from coming into the workflow, in seconds. */
  readonly seconds: number;
}

/** An Add to Workflow or Remove from Workflow that runs reach. */
export interface HandOver {
  readonly member: Member;
  readonly step: Step;
  readonly seconds: number;
  /** Those of the named workflows that are given. */
  readonly targets: readonly Member[];
  /** The ids that none of the given workflows has. */
  readonly unknown: readonly string[];
  /** A removal from every workflow (all but its own when `exceptOwn`). */
  readonly all: boolean;
  readonly exceptOwn: boolean;
}

/** A trigger that is on. */
export interface Listener {
  readonly member: Member;
  readonly trigger: Trigger;
}

/**
 * Who changes what and who hears it, by what is changed: never workflow by workflow. Drafts are in it; whoever must not count them asks
 * `member.inUse`.
 */
export interface Wiring {
  readonly causes: ReadonlyMap<string, readonly Cause[]>;
  /** By the key of one value, or by `anyOf(kind)` for those who hear every change of the kind. */
  readonly listeners: ReadonlyMap<string, readonly Listener[]>;
  readonly enrolments: readonly HandOver[];
  readonly removals: readonly HandOver[];
  /** What a member changes, and to whom it hands over, by its place. */
  readonly own: readonly { readonly causes: readonly Cause[]; readonly enrolments: readonly HandOver[] }[];
  /** Who hands over to a member, by its place. */
  readonly callers: readonly (readonly HandOver[])[];
  /** Who takes contacts out of a member by naming it, by its place. */
  readonly removers: readonly (readonly HandOver[])[];
  /** Removals from all workflows. */
  readonly sweeps: readonly HandOver[];
  /** Every trigger that is on, by its type. */
  readonly triggers: ReadonlyMap<string, readonly Listener[]>;
}

export const wiring: LocationAnalysis<Wiring> = (location) => {
  const causes = new Map<string, Cause[]>();
  const listeners = new Map<string, Listener[]>();
  const triggers = new Map<string, Listener[]>();
  const own = location.members.map(() => ({ causes: [] as Cause[], enrolments: [] as HandOver[] }));
  const enrolments: HandOver[] = [];
  const removals: HandOver[] = [];
  for (const member of location.members) {
    const { view } = member;
    const mine = own[member.at];
    for (const { effect, seconds } of view.derive(effectsReached)) {
      const cause = { member, step: effect.step, effect, seconds };
      push(causes, keyOf(location, effect), cause);
      mine?.causes.push(cause);
    }
    for (const { step, seconds } of view.derive(handOversReached)) {
      const one = handOver(location, member, step, seconds);
      if (step.type === "add_to_workflow") {
        enrolments.push(one);
        mine?.enrolments.push(one);
      } else removals.push(one);
    }
    for (const trigger of view.workflow.triggers ?? []) {
      if (!trigger.active) continue;
      const listener = { member, trigger };
      push(triggers, trigger.type, listener);
      for (const kind of effectKinds) {
        const hearing = hears(trigger, kind);
        if (hearing === null) continue;
        if (hearing.values === null) push(listeners, anyOf(kind), listener);
        else
          for (const key of new Set([...hearing.values].map((value) => keyOf(location, { kind, value }))))
            push(listeners, key, listener);
      }
    }
  }
  return {
    causes,
    listeners,
    triggers,
    enrolments,
    removals,
    own,
    callers: byTarget(location, enrolments),
    removers: byTarget(location, removals),
    sweeps: removals.filter(({ all }) => all),
  };
};

/** The key under which an effect and whoever hears exactly it meet. */
export function keyOf(
  location: Pick<LocationView, "options">,
  { kind, value }: Pick<Effect, "kind" | "value">,
): string {
  return `${kind}\n${kind === "field" ? fieldKey(location, value) : plainTag(value)}`;
}

/** HighLevel keeps tags in lower case; the other values are ids and words that differ by more than case. */
function plainTag(value: string): string {
  return value.trim().toLowerCase();
}

export function anyOf(kind: Effect["kind"]): string {
  return `${kind}\n*`;
}

/** A field of the contact by whichever of its names: the facts' id, else the name without prefix, blanks and case. */
export function fieldKey({ options: { location } }: Pick<LocationView, "options">, field: string): string {
  return (
    location.customField(field)?.id ??
    field
      .replace(/^contact\./, "")
      .replace(/[_\s]/g, "")
      .toLowerCase()
  );
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

interface Reached {
  readonly effect: Effect;
  readonly seconds: number;
}

const effectsReached: Analysis<readonly Reached[]> = (view) => {
  let found: Reached[] | null = null;
  for (const type of changingTypes)
    for (const step of view.stepsOfType(type)) {
      const seconds = view.derive(arrival)[step.index] as number;
      if (seconds === NEVER) continue;
      for (const effect of effectsOf(step)) {
        found ??= [];
        found.push({ effect, seconds });
      }
    }
  return found ?? NONE;
};

const NONE: readonly never[] = Object.freeze([]);

/** The step types of which `effectsOf` knows an effect. */
const changingTypes = [
  ...["add_contact_tag", "remove_contact_tag", "update_contact_field", "create_update_contact", "math_operation"],
  ...["assign_user", "remove_assigned_user", "update_appointment_status", "create_opportunity"],
  ...["internal_create_opportunity", "internal_update_opportunity", "dnd_contact", "add_notes"],
  ...["task-notification", "webhook", "custom_webhook"],
];

const handOversReached: Analysis<readonly { readonly step: Step; readonly seconds: number }[]> = (view) =>
  ["add_to_workflow", "remove_from_workflow", "remove_from_all_workflows"].flatMap((type) =>
    view.stepsOfType(type).flatMap((step) => {
      const seconds = step.disabled ? NEVER : (view.derive(arrival)[step.index] as number);
      return seconds === NEVER ? [] : [{ step, seconds }];
    }),
  );

function handOver(location: LocationView, member: Member, step: Step, seconds: number): HandOver {
  const { type, attributes } = step;
  const ids = [...new Set(listOf(attributes["workflow_id"]).map(textOf))].filter((id) => id !== "");
  const found = ids.map((id) => location.member(id));
  const all =
    type === "remove_from_all_workflows" || (type !== "add_to_workflow" && attributes["allWorkflows"] === true);
  return {
    member,
    step,
    seconds,
    targets: all ? [] : [...new Set(found.filter((target) => target !== undefined))],
    unknown: all ? [] : ids.filter((_, at) => found[at] === undefined),
    all,
    exceptOwn: all && attributes["includeCurrent"] === false,
  };
}

function byTarget({ members }: LocationView, handOvers: readonly HandOver[]): readonly (readonly HandOver[])[] {
  const found: HandOver[][] = members.map(() => []);
  for (const one of handOvers) for (const target of one.targets) found[target.at]?.push(one);
  return found;
}
