import { effectInWords, filterInWords } from "../location/effect-words.ts";
import type { Effect } from "../location/effects.ts";
import type { LocationView, Member } from "../location/location-view.ts";
import type { Step, Trigger } from "../model/workflow.ts";
import type { Hop } from "../report/location-types.ts";
import { quoted } from "../words.ts";

interface Stop {
  readonly member: Member;
  /** By which the contact comes in; null: handed over, or none is meant. */
  readonly trigger: Trigger | null;
  readonly step: Step | null;
  /** What the step does there. */
  readonly effect: string;
  readonly seconds: number;
}

/** A stop as the report tells it. */
export function hopOf(location: LocationView, { member, trigger, step, effect, seconds }: Stop): Hop {
  const { workflow } = member.view;
  return {
    workflowId: member.key,
    workflowName: workflow.name,
    trigger: trigger === null ? null : { id: trigger.id, name: trigger.name, type: trigger.type },
    filter: trigger === null ? "" : location.derive(filterInWords)(trigger),
    stepId: step?.id ?? null,
    stepName: step?.name ?? "",
    effect,
    delaySeconds: seconds,
    reentry: workflow.settings.reentry,
  };
}

/** What a step does to another workflow: a change that it hears, or the hand-over itself. */
export function doingInWords(effect: Effect | null, target: Member): string {
  return effect === null ? `adds the contact to ${named(target)}` : effectInWords(effect);
}

/** A workflow's name for a sentence. */
export function named({ view }: Member): string {
  return quoted(view.workflow);
}
