import { END, type Workflow } from "../model/workflow.ts";
import { int32s } from "../number-arrays.ts";

/** How many steps around a fault stay drawn. */
const NEIGHBOURHOOD = 3;
/** At most so many steps stay drawn one by one, however many faults there are. */
const MOST_DRAWN = 900;

/** Per step the number of the fold that holds it, or `DRAWN`; and the steps of each fold. */
export interface Folding {
  readonly foldOf: Int32Array<ArrayBuffer>;
  readonly members: readonly (readonly number[])[];
}

export const DRAWN = -1;

/**
 * Keeps what is near the given steps and folds the rest. What hangs together shares a fold, and so do the ways out of one
 * drawn step and the ways into it: there are at most twice as many folds as drawn steps, and one. Linear time.
 *
 * @param starts indices of the steps to draw with what is around them, most important first.
 */
export function foldAround(lines: Lines, starts: readonly number[]): Folding {
  const size = lines.after.first.length - 1;
  const kept = keep(starts, lines, size);
  const sets = disjointSets(size);
  /** Folded steps next to a drawn one. */
  const atEdge: number[] = [];
  for (let step = 0; step < size; step++) {
    for (const { first, ends } of [lines.after, lines.before]) {
      let together = kept[step] === 0 ? step : DRAWN;
      for (let line = first[step] as number; line < (first[step + 1] as number); line++) {
        const next = ends[line] as number;
        if (kept[next] === 1) continue;
        if (together === DRAWN) {
          together = next;
          atEdge.push(next);
        } else sets.join(together, next);
      }
    }
  }
  return numbered(sets, kept, atEdge);
}

/** All ways between steps, forwards and backwards. */
export interface Lines {
  readonly after: Adjacency;
  readonly before: Adjacency;
}

/** The ends of step `s` stand in `ends` from `first[s]` to before `first[s + 1]`. */
interface Adjacency {
  readonly first: Int32Array;
  readonly ends: Int32Array;
}

export function linesOf({ steps }: Workflow): Lines {
  const from: number[] = [];
  const to: number[] = [];
  const add = (start: number, end: number) => {
    if (end === END) return;
    from.push(start);
    to.push(end);
  };
  for (const { index, branches, next, jump } of steps) {
    for (const { target } of branches) add(index, target);
    add(index, next);
    add(index, jump);
  }
  return { after: adjacency(steps.length, from, to), before: adjacency(steps.length, to, from) };
}

function adjacency(size: number, starts: readonly number[], targets: readonly number[]): Adjacency {
  const first = int32s(size + 1);
  for (const start of starts) first[start + 1] = (first[start + 1] as number) + 1;
  for (let step = 0; step < size; step++) first[step + 1] = (first[step + 1] as number) + (first[step] as number);
  const place = first.slice();
  const ends = int32s(starts.length);
  for (let line = 0; line < starts.length; line++) {
    const start = starts[line] as number;
    const at = place[start] as number;
    ends[at] = targets[line] as number;
    place[start] = at + 1;
  }
  return { first, ends };
}

/** Breadth first from all starts at once. */
function keep(starts: readonly number[], { after, before }: Lines, size: number): Uint8Array {
  const kept = new Uint8Array(size);
  let drawn = 0;
  let ring = starts;
  for (let distance = 0; distance <= NEIGHBOURHOOD; distance++) {
    const next: number[] = [];
    for (const step of ring) {
      if (kept[step] === 1 || drawn === MOST_DRAWN) continue;
      kept[step] = 1;
      drawn++;
      for (const { first, ends } of [after, before]) {
        for (let line = first[step] as number; line < (first[step + 1] as number); line++)
          next.push(ends[line] as number);
      }
    }
    ring = next;
  }
  return kept;
}

interface DisjointSets {
  join(one: number, other: number): void;
  rootOf(member: number): number;
}

function disjointSets(size: number): DisjointSets {
  const parent = Int32Array.from({ length: size }, (_, member) => member);
  const rootOf = (member: number): number => {
    let root = member;
    while (parent[root] !== root) root = parent[root] as number;
    for (let at = member; at !== root; ) {
      const above = parent[at] as number;
      parent[at] = root;
      at = above;
    }
    return root;
  };
  const join = (one: number, other: number) => {
    const [left, right] = [rootOf(one), rootOf(other)];
    parent[Math.max(left, right)] = Math.min(left, right);
  };
  return { join, rootOf };
}

/** Numbers the folds in the order of their first steps; everything that no drawn step is next to shares one. */
function numbered({ rootOf }: DisjointSets, kept: Uint8Array, atEdge: readonly number[]): Folding {
  const joined = new Set(atEdge.map(rootOf));
  const foldOf = int32s(kept.length).fill(DRAWN);
  const members: number[][] = [];
  const numbers = new Map<number, number>();
  for (let step = 0; step < kept.length; step++) {
    if (kept[step] === 1) continue;
    const root = rootOf(step);
    const key = joined.has(root) ? root : DRAWN;
    const fold = numbers.get(key) ?? members.length;
    if (fold === members.length) {
      numbers.set(key, fold);
      members.push([]);
    }
    foldOf[step] = fold;
    members[fold]?.push(step);
  }
  return { foldOf, members };
}
