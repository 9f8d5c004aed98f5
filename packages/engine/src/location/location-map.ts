import { cyclesOf } from "../report/cycles.ts";
import type { LocationFinding, LocationMap, Tie, TieKind } from "../report/location-types.ts";
import type { AnalysisReport } from "../report/types.ts";
import { compatibility } from "./compatible.ts";
import type { EffectKind } from "./effects.ts";
import type { LocationView, Member } from "./location-view.ts";
import { anyOf, type Cause, type HandOver, type Listener, wiring } from "./wiring.ts";

/** Ties listed of one tag, field, … that everybody shares, and of all. */
const MOST_OF_ONE = 200;
const MOST_TIES = 5_000;

/** The workflows, what ties them, and the cycles that were reported. `reports` are the members', in their order. */
export function locationMap(
  location: LocationView,
  reports: readonly AnalysisReport[],
  issues: readonly LocationFinding[],
): LocationMap {
  return {
    workflows: location.members.flatMap(({ key }, at) => {
      const report = reports[at];
      if (report === undefined) return [];
      const { workflow, score, grade, issues: own } = report;
      return [{ id: key, name: workflow.name, status: workflow.status, score, grade, issues: own.length }];
    }),
    ...tiesOf(location),
    cycles: cyclesOf(issues),
  };
}

const tieKinds: Readonly<Record<EffectKind, TieKind>> = {
  "tag-added": "tag",
  "tag-removed": "tag",
  field: "field",
  stage: "stage",
  status: "deal",
  "deal-created": "deal",
  "appointment-status": "appointment",
  dnd: "dnd",
  note: "note",
  task: "task",
  webhook: "webhook",
};

function tiesOf(location: LocationView): Pick<LocationMap, "ties" | "tiesLeftOut"> {
  const { causes, listeners, enrolments, removals } = location.derive(wiring);
  const ties: Tie[] = [];
  let all = 0;
  for (const [key, made] of causes) {
    const kind = (made[0] as Cause).effect.kind;
    const heard = [...(listeners.get(key) ?? []), ...(listeners.get(anyOf(kind)) ?? [])];
    if (heard.length > 0) all += addTies(location, ties, made, heard);
  }
  all += addHandOvers(ties, enrolments, "enrolment") + addHandOvers(ties, removals, "removal");
  return {
    ties: ties.sort(
      (a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.kind, b.kind) || compare(a.name, b.name),
    ),
    tiesLeftOut: all - ties.length,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One tie per pair of workflows, by the quickest step; answers how many there are, listed or not. */
function addTies(location: LocationView, ties: Tie[], made: readonly Cause[], heard: readonly Listener[]): number {
  const { passes } = location.derive(compatibility);
  const quickest = new Map<Member, Cause>();
  for (const cause of made) {
    const known = quickest.get(cause.member);
    if (known === undefined || cause.seconds < known.seconds) quickest.set(cause.member, cause);
  }
  const hearing = new Map<Member, Listener>();
  for (const listener of heard) if (!hearing.has(listener.member)) hearing.set(listener.member, listener);
  let all = quickest.size * hearing.size;
  let listed = 0;
  for (const { member, step, effect, seconds } of quickest.values()) {
    if (hearing.has(member)) all--;
    if (listed >= MOST_OF_ONE || ties.length >= MOST_TIES) continue;
    for (const listener of hearing.values()) {
      if (listener.member === member || listed >= MOST_OF_ONE || ties.length >= MOST_TIES) continue;
      const triggers = (member.view.workflow.triggers ?? []).filter(({ active }) => active);
      if (passes({ member, step, triggers }, effect, listener.trigger) === "no") {
        all--;
        continue;
      }
      listed++;
      ties.push({
        from: member.key,
        to: listener.member.key,
        kind: tieKinds[effect.kind],
        name: effect.value.slice(0, 200),
        delaySeconds: seconds,
      });
    }
  }
  return all;
}

/** One tie per pair of workflows, by the first step that names the other. */
function addHandOvers(ties: Tie[], handOvers: readonly HandOver[], kind: TieKind): number {
  const told = new Set<string>();
  for (const { member, targets, seconds } of handOvers)
    for (const target of targets) {
      const pair = `${member.at} ${target.at}`;
      if (target === member || told.has(pair)) continue;
      told.add(pair);
      if (ties.length < MOST_TIES)
        ties.push({ from: member.key, to: target.key, kind, name: "", delaySeconds: seconds });
    }
  return told.size;
}
