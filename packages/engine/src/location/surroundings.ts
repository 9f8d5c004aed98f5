import type { Trigger } from "../model/workflow.ts";
import type { View } from "../view.ts";
import type { LocationAnalysis, Member } from "./location-view.ts";
import { anyOf, type HandOver, keyOf, wiring } from "./wiring.ts";

/** The published workflows by name, in lower case; of several the first. */
export const publishedByName: LocationAnalysis<ReadonlyMap<string, Member>> = ({ members }) => {
  const published = members.filter(({ view }) => view.workflow.status === "published");
  return new Map(published.toReversed().map((member) => [member.view.workflow.name.toLowerCase(), member]));
};

/** Workflows in use that take contacts out of this one, by naming it or as one of all; null when the others are not known. */
export function takenOutBy(view: View): readonly HandOver[] | null {
  const here = view.around();
  if (here === null) return null;
  const { removers, sweeps } = here.location.derive(wiring);
  return [...(removers[here.self.at] ?? []), ...sweeps].filter(({ member }) => member.inUse && member !== here.self);
}

/** The other workflows in use with their triggers that are on; null when they are not known. */
export function othersStartedBy(view: View, ...types: readonly string[]): readonly Started[] | null {
  const here = view.around();
  if (here === null) return null;
  const { triggers } = here.location.derive(wiring);
  return types
    .flatMap((type) => triggers.get(type) ?? [])
    .filter(({ member }) => member !== here.self && member.inUse)
    .sort((a, b) => a.member.at - b.member.at);
}

export interface Started {
  readonly member: Member;
  readonly trigger: Trigger;
}

/** The other workflows in use that start when exactly this tag comes or goes. */
export function othersHearing(view: View, tag: string): readonly Member[] {
  const here = view.around();
  if (here === null) return [];
  const { listeners } = here.location.derive(wiring);
  const heard = (["tag-added", "tag-removed"] as const).flatMap(
    (kind) => listeners.get(keyOf(here.location, { kind, value: tag })) ?? [],
  );
  return [...new Set(heard.map(({ member }) => member))]
    .filter((member) => member !== here.self && member.inUse)
    .sort((a, b) => a.at - b.at);
}

/** The triggers by which a workflow starts. */
export function activeTriggers({ view }: Member): readonly Trigger[] {
  return (view.workflow.triggers ?? []).filter(({ active }) => active);
}

/** Does the workflow start on an event of these types, or on a tag, field, stage or status in which people keep that it happened? */
export function startsOn(member: Member, types: ReadonlySet<string>): boolean {
  return activeTriggers(member).some(({ type }) => types.has(type) || mayTell.has(type));
}

const mayTell: ReadonlySet<string> = new Set([
  ...["contact_tag", "contact_changed", "pipeline_stage_updated", "opportunity_status_changed", "opportunity_changed"],
]);

/** The workflows in use that this one starts directly: by a hand-over, or by a change that they listen to. */
export function startedByThis(view: View): readonly Member[] {
  const here = view.around();
  if (here === null) return [];
  const { location, self } = here;
  const { own, listeners } = location.derive(wiring);
  const started = new Set<Member>();
  for (const { targets } of own[self.at]?.enrolments ?? []) for (const target of targets) started.add(target);
  for (const { effect } of own[self.at]?.causes ?? [])
    for (const key of [keyOf(location, effect), anyOf(effect.kind)])
      for (const { member } of listeners.get(key) ?? []) started.add(member);
  started.delete(self);
  return [...started].filter(({ inUse }) => inUse);
}
