import type { Verdict } from "../conditions/solver.ts";
import { type Edges, stronglyConnected } from "../graph/components.ts";
import { leastDelay, NEVER } from "../graph/least-delay.ts";
import { createTimeHeap } from "../graph/time-heap.ts";
import { END, type Step, type Trigger } from "../model/workflow.ts";
import { compatibility } from "./compatible.ts";
import type { Effect } from "./effects.ts";
import type { LocationAnalysis, LocationView, Member } from "./location-view.ts";
import { anyOf, type Listener, type Wiring, wiring } from "./wiring.ts";

/** One workflow of a cycle: how contacts come into it, and the step by which it starts the next one. */
export interface CycleHop {
  readonly member: Member;
  /** null: the workflow before hands the contact over. */
  readonly trigger: Trigger | null;
  readonly step: Step;
  /** null: it hands the contact over to the next workflow. */
  readonly effect: Effect | null;
  /** Least time from coming in to the step, in seconds. */
  readonly seconds: number;
}

/** Workflows that start each other in a ring. */
export interface Cycle {
  /** The first workflow in order of their keys stands in front. */
  readonly hops: readonly CycleHop[];
  readonly seconds: number;
  /** Whether every effect is known to pass the filter of the trigger that hears it. */
  readonly proved: boolean;
  /** Other workflows that are tied to each other and to these by rings of their own. */
  readonly others: readonly Member[];
}

/**
 * Rings of two or more workflows, the quickest one for each group of changes: no two of them share what they change, so each is a fault
 * of its own. Strongly connected components over ways in and keys, never over pairs of workflows; a pair is looked at only where a ring
 * runs through it, and let go when the effect cannot pass the trigger's filter.
 */
export const cycles: LocationAnalysis<readonly Cycle[]> = (location) => {
  const net = buildNet(location);
  const alive = new Uint8Array(net.keys.length).fill(1);
  const keep = new Uint8Array(net.edges.edgeTarget.length);
  const found: Cycle[] = [];
  for (let again = true; again && found.length < MOST_CYCLES; ) {
    again = false;
    for (let edge = 0; edge < keep.length; edge++) keep[edge] = alive[net.keyOfEdge[edge] as number] as number;
    const { count, members, first, cyclic } = stronglyConnected(net.edges, keep);
    for (let component = 0; component < count && found.length < MOST_CYCLES; component++) {
      if (cyclic[component] === 0) continue;
      const nodes = members.subarray(first[component] as number, first[component + 1] as number);
      const inside = new Set(nodes);
      const doors = [...nodes].filter((node) => node < net.doors.length).sort((a, b) => a - b);
      if (new Set(doors.map((door) => net.doors[door]?.member)).size < 2) continue;
      again = true;
      const ring = quickestRing(location, net, doors, inside);
      // Without a ring that its filters let through, nothing of this component is looked at again.
      const spent = ring === null ? [...nodes].filter((node) => node >= net.doors.length) : ring.keys;
      for (const node of spent) alive[node - net.doors.length] = 0;
      if (ring !== null) found.push(cycleOf(net, ring, doors));
    }
  }
  return found.sort((a, b) => (a.hops[0]?.member.at ?? 0) - (b.hops[0]?.member.at ?? 0));
};

const MOST_CYCLES = 200;
/** Ways in of one workflow that are told apart; what comes in elsewhere is left out. */
const MOST_DOORS = 16;
/** Ways in from which a ring is looked for, of one component. */
const MOST_STARTS = 64;
/** How often a search goes on from one key: its listeners hear it the first time, but for those that a filter keeps out. */
const MOST_EXPANSIONS = 4;

/** Where contacts come into a workflow. */
interface Door {
  readonly member: Member;
  readonly target: number;
  readonly triggers: Set<Trigger>;
  called: boolean;
  readonly exits: Exit[];
}

/** A step behind a door that changes what a key stands for. */
interface Exit {
  readonly key: number;
  readonly step: Step;
  readonly effect: Effect | null;
  readonly seconds: number;
}

interface Ear {
  readonly door: number;
  readonly trigger: Trigger | null;
}

interface Net {
  readonly doors: readonly Door[];
  /** Who hears each key. */
  readonly keys: readonly (readonly Ear[])[];
  /** Nodes: doors, then keys. */
  readonly edges: Edges;
  readonly keyOfEdge: Int32Array;
}

function buildNet(location: LocationView): Net {
  const wires = location.derive(wiring);
  const doors: Door[] = [];
  const doorsOf: Map<number, number>[] = location.members.map(() => new Map());
  const doorAt = (member: Member, target: number): number | null => {
    const own = doorsOf[member.at] as Map<number, number>;
    const known = own.get(target);
    if (known !== undefined) return known;
    if (target === END || own.size >= MOST_DOORS) return null;
    own.set(target, doors.length);
    return doors.push({ member, target, triggers: new Set(), called: false, exits: [] }) - 1;
  };
  const causesOf: Omit<Exit, "seconds">[][] = location.members.map(() => []);
  const keys: Ear[][] = [];
  const earsOf = (listeners: readonly Listener[]) => {
    const ears: Ear[] = [];
    for (const { member, trigger } of listeners) {
      const door = doorAt(member, trigger.target);
      if (door === null) continue;
      doors[door]?.triggers.add(trigger);
      ears.push({ door, trigger });
    }
    return ears;
  };
  const anyKeys = new Map<string, number>();
  for (const [name, causes] of wires.causes) {
    const exact = wires.listeners.get(name);
    if (exact !== undefined) addCauses(causes, keys.push(earsOf(exact)) - 1);
    const any = anyOf((causes[0] as (typeof causes)[number]).effect.kind);
    const all = wires.listeners.get(any);
    if (all === undefined) continue;
    const key = anyKeys.get(any) ?? keys.push(earsOf(all)) - 1;
    anyKeys.set(any, key);
    addCauses(causes, key);
  }
  for (const member of location.members) {
    const callers = wires.callers[member.at] ?? [];
    const door = callers.length === 0 ? null : doorAt(member, member.view.workflow.entry);
    if (door === null) continue;
    (doors[door] as Door).called = true;
    const key = keys.push([{ door, trigger: null }]) - 1;
    for (const { member: caller, step } of callers) causesOf[caller.at]?.push({ key, step, effect: null });
  }
  for (const door of doors) addExits(door, causesOf[door.member.at] ?? []);
  return { doors, keys, ...edgesOf(doors, keys) };

  function addCauses(
    causes: Wiring["causes"] extends ReadonlyMap<string, infer List> ? List : never,
    key: number,
  ): void {
    for (const { member, step, effect } of causes) causesOf[member.at]?.push({ key, step, effect });
  }
}

/** The quickest step for each key that runs from this door reach. */
function addExits(door: Door, causes: readonly Omit<Exit, "seconds">[]): void {
  if (causes.length === 0) return;
  const delays = leastDelay(door.member.view.graph, [door.target]);
  const quickest = new Map<number, Exit>();
  for (const cause of causes) {
    const seconds = delays[cause.step.index] as number;
    const known = quickest.get(cause.key);
    if (seconds !== NEVER && (known === undefined || seconds < known.seconds))
      quickest.set(cause.key, { ...cause, seconds });
  }
  door.exits.push(...[...quickest.values()].sort((a, b) => a.key - b.key));
}

function edgesOf(doors: readonly Door[], keys: readonly (readonly Ear[])[]): Pick<Net, "edges" | "keyOfEdge"> {
  const firstEdge: number[] = [0];
  const edgeTarget: number[] = [];
  const keyOfEdge: number[] = [];
  for (const { exits } of doors) {
    for (const { key } of exits) {
      edgeTarget.push(doors.length + key);
      keyOfEdge.push(key);
    }
    firstEdge.push(edgeTarget.length);
  }
  keys.forEach((ears, key) => {
    for (const { door } of ears) {
      edgeTarget.push(door);
      keyOfEdge.push(key);
    }
    firstEdge.push(edgeTarget.length);
  });
  return {
    edges: {
      size: doors.length + keys.length,
      firstEdge: Int32Array.from(firstEdge),
      edgeTarget: Int32Array.from(edgeTarget),
    },
    keyOfEdge: Int32Array.from(keyOfEdge),
  };
}

interface Leg {
  readonly from: number;
  readonly exit: Exit;
  readonly ear: Ear;
  readonly verdict: Verdict;
}

interface Ring {
  /** In order; the last one leads back to the first one's door. */
  readonly legs: readonly Leg[];
  /** Nodes of the keys that it runs through. */
  readonly keys: readonly number[];
}

function quickestRing(
  location: LocationView,
  net: Net,
  doors: readonly number[],
  inside: ReadonlySet<number>,
): Ring | null {
  for (const start of doors.slice(0, MOST_STARTS)) {
    const ring = ringThrough(location, net, start, inside);
    if (ring !== null) return ring;
  }
  return null;
}

/** Dijkstra over doors, by delay, then by hops: the quickest way from a door round to itself that leaves its workflow. */
function ringThrough(location: LocationView, net: Net, start: number, inside: ReadonlySet<number>): Ring | null {
  const { passes } = location.derive(compatibility);
  const reached = new Map<number, { readonly seconds: number; readonly hops: number; readonly leg: Leg | null }>();
  const expanded = new Map<number, number>();
  const done = new Set<number>();
  const heap = createTimeHeap();
  reached.set(start, { seconds: 0, hops: 0, leg: null });
  heap.push(start, 0, 0);
  let closing: { readonly seconds: number; readonly hops: number; readonly leg: Leg } | null = null;
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const at = reached.get(top.item);
    const door = net.doors[top.item];
    if (at === undefined || door === undefined || done.has(top.item)) continue;
    if (closing !== null && at.seconds > closing.seconds) break;
    done.add(top.item);
    for (const exit of door.exits) {
      if (!inside.has(net.doors.length + exit.key)) continue;
      const times = expanded.get(exit.key) ?? 0;
      if (times >= MOST_EXPANSIONS) continue;
      expanded.set(exit.key, times + 1);
      const seconds = at.seconds + exit.seconds;
      const hops = at.hops + 1;
      for (const ear of net.keys[exit.key] ?? []) {
        const next = net.doors[ear.door];
        if (next === undefined || next.member === door.member || !inside.has(ear.door)) continue;
        const known = ear.door === start ? closing : reached.get(ear.door);
        if (known !== null && known !== undefined && !isLess(seconds, hops, known)) continue;
        const standing = { member: door.member, step: exit.step, triggers: door.called ? null : [...door.triggers] };
        const verdict = ear.trigger === null ? "yes" : passes(standing, exit.effect, ear.trigger);
        if (verdict === "no") continue;
        const leg = { from: top.item, exit, ear, verdict };
        if (ear.door === start) closing = { seconds, hops, leg };
        else {
          reached.set(ear.door, { seconds, hops, leg });
          heap.push(ear.door, seconds, hops);
        }
      }
    }
  }
  if (closing === null) return null;
  const legs: Leg[] = [closing.leg];
  for (let door = closing.leg.from; door !== start; ) {
    const leg = reached.get(door)?.leg;
    if (leg === null || leg === undefined) break;
    legs.push(leg);
    door = leg.from;
  }
  legs.reverse();
  return { legs, keys: legs.map(({ exit }) => net.doors.length + exit.key) };
}

function isLess(seconds: number, hops: number, known: { readonly seconds: number; readonly hops: number }): boolean {
  return seconds < known.seconds || (seconds === known.seconds && hops < known.hops);
}

function cycleOf(net: Net, { legs }: Ring, doors: readonly number[]): Cycle {
  const hops = legs.map(({ from, exit: { step, effect, seconds } }, at): CycleHop => {
    const before = legs.at(at - 1) as Leg;
    return { member: (net.doors[from] as Door).member, trigger: before.ear.trigger, step, effect, seconds };
  });
  const first = hops.reduce((best, { member }, at) => (member.at < (hops[best]?.member.at ?? 0) ? at : best), 0);
  const ringed = new Set(hops.map(({ member }) => member));
  const others = new Set(doors.map((door) => (net.doors[door] as Door).member));
  return {
    hops: [...hops.slice(first), ...hops.slice(0, first)],
    seconds: hops.reduce((sum, { seconds }) => sum + seconds, 0),
    proved: legs.every(({ verdict }) => verdict === "yes"),
    others: [...others].filter((member) => !ringed.has(member)).sort((a, b) => a.at - b.at),
  };
}
