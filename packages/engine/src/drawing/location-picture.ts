/** A location as a picture, before it has places: which workflows are drawn, what ties them, and who stands below whom. */

import type { Plan } from "../report/gate.ts";
import type { LocationReport, Tie, TieKind } from "../report/location-types.ts";

/** A workflow on the map. Plain JSON, as everything here: the worker stores it with the result. */
export interface MapNode {
  readonly id: string;
  readonly name: string;
  readonly draft: boolean;
  readonly score: number;
  /** Left and top edge. */
  readonly x: number;
  readonly y: number;
}

export interface MapEdge {
  /** Indices into `nodes`. */
  readonly from: number;
  readonly to: number;
  /** What ties the two, in words: `tag "hot"`. */
  readonly label: string;
  /** Part of a reported cycle. */
  readonly ring: boolean;
}

/** The map of a location, ready to be drawn. Lengths in SVG user units, whole numbers. */
export interface LocationLayout {
  readonly version: 1;
  readonly width: number;
  readonly height: number;
  readonly box: { readonly width: number; readonly height: number };
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** Workflows that are not drawn: what is drawn is around the findings. */
  readonly folded: number;
}

/** A location's maps as they are stored with its audit: the free one shows no tie that a hidden finding is about. */
export interface LocationLayouts {
  readonly pro: LocationLayout;
  readonly free: LocationLayout;
}

/** The map that goes with what `gateLocation` leaves of the report. */
export function locationLayoutFor(layouts: LocationLayouts, plan: Plan): LocationLayout {
  return plan === "pro" ? layouts.pro : layouts.free;
}

/** More workflows than these are folded, but for those around findings. */
const MOST_DRAWN = 60;
/** Workflows below one and the same that start nothing themselves stand in columns, this many side by side. */
const SIDE_BY_SIDE = 5;

export interface LocationPicture {
  readonly nodes: readonly Omit<MapNode, "x" | "y">[];
  readonly edges: readonly MapEdge[];
  /** Places in `nodes` that stand below each; every node is below one other at the most. */
  readonly children: readonly (readonly number[])[];
  /** Those below none, each with what hangs on it; the lonely ones last, in columns. */
  readonly roots: readonly number[];
  readonly folded: number;
}

type Drawn = Pick<LocationReport, "map" | "issues">;

export function locationPictureOf(report: Drawn): LocationPicture {
  const { workflows, ties, cycles } = report.map;
  const chosen = chosenOf(report);
  const drawn = workflows.filter(({ id }) => chosen === null || chosen.has(id));
  const at = new Map(drawn.map(({ id }, index) => [id, index]));
  const edges = edgesOf(ties, cycles, at);
  const children: number[][] = drawn.map(() => []);
  const roots = forest(edges, children);
  for (let node = 0; node < children.length; node++) children[node] = [...inColumns(children[node] ?? [], children)];
  return {
    nodes: drawn.map(({ id, name, status, score }) => ({ id, name, draft: status === "draft", score })),
    edges,
    children,
    roots,
    folded: workflows.length - drawn.length,
  };
}

/** All when they are few; else those that findings name, then their neighbours, then the rest by score, worst first. null: all. */
function chosenOf({ map: { workflows, ties, cycles }, issues }: Drawn): ReadonlySet<string> | null {
  if (workflows.length <= MOST_DRAWN) return null;
  const chosen = new Set<string>();
  const take = (ids: Iterable<string>) => {
    for (const id of ids) if (chosen.size < MOST_DRAWN) chosen.add(id);
  };
  take(cycles.flat());
  take(issues.flatMap((finding) => finding.hops.map(({ workflowId }) => workflowId)));
  const core = new Set(chosen);
  take(ties.flatMap(({ from, to }) => (core.has(from) ? [to] : core.has(to) ? [from] : [])));
  take(ties.flatMap(({ from, to }) => [from, to]));
  take(workflows.toSorted((a, b) => a.score - b.score).map(({ id }) => id));
  return chosen;
}

const tieWords: Readonly<Record<TieKind, string>> = {
  tag: "tag",
  field: "field",
  stage: "stage",
  deal: "deal",
  appointment: "appointment",
  enrolment: "hands over",
  removal: "takes out",
  dnd: "Do Not Disturb",
  note: "note",
  task: "task",
  webhook: "webhook",
};

/** One line for each pair of workflows, with the first of their ties in words. */
function edgesOf(
  ties: readonly Tie[],
  cycles: readonly (readonly string[])[],
  at: ReadonlyMap<string, number>,
): readonly MapEdge[] {
  const rings = new Set<string>();
  for (const cycle of cycles)
    for (const [place, id] of cycle.entries()) rings.add(`${id}\n${cycle[(place + 1) % cycle.length]}`);
  const lines = new Map<string, { from: number; to: number; labels: string[] }>();
  const add = (fromId: string, toId: string, label: string | null) => {
    const from = at.get(fromId);
    const to = at.get(toId);
    if (from === undefined || to === undefined) return;
    const key = `${fromId}\n${toId}`;
    const line = lines.get(key) ?? { from, to, labels: [] };
    lines.set(key, line);
    if (label !== null && !line.labels.includes(label)) line.labels.push(label);
  };
  for (const { from, to, kind, name } of ties) add(from, to, labelOf(kind, name));
  // A plan may read of a cycle and not of the ties.
  for (const ring of rings) {
    const [from = "", to = ""] = ring.split("\n");
    add(from, to, null);
  }
  return [...lines].map(([key, { from, to, labels }]) => ({
    from,
    to,
    label: labels.length > 1 ? `${labels[0]} +${labels.length - 1}` : (labels[0] ?? ""),
    ring: rings.has(key),
  }));
}

function labelOf(kind: TieKind, name: string): string {
  const isNamed = kind === "tag" || kind === "field" || kind === "deal" || kind === "appointment";
  return isNamed && name !== ""
    ? `${tieWords[kind]} ${name.length > 24 ? `${name.slice(0, 23)}…` : name}`
    : tieWords[kind];
}

/** Who stands below whom: breadth first along the lines, from those that nobody starts; `children` is filled. */
function forest(edges: readonly MapEdge[], children: number[][]): readonly number[] {
  const size = children.length;
  const after: number[][] = children.map(() => []);
  const started = new Uint8Array(size);
  for (const { from, to } of edges) {
    after[from]?.push(to);
    started[to] = 1;
  }
  const placed = new Uint8Array(size);
  const roots: number[] = [];
  const lonely: number[] = [];
  const grow = (root: number) => {
    placed[root] = 1;
    const queue = [root];
    for (let head = 0; head < queue.length; head++) {
      const node = queue[head] as number;
      for (const next of after[node] ?? []) {
        if (placed[next] === 1) continue;
        placed[next] = 1;
        children[node]?.push(next);
        queue.push(next);
      }
    }
  };
  for (let node = 0; node < size; node++) {
    if (started[node] === 1) continue;
    if (after[node]?.length === 0) lonely.push(node);
    else {
      roots.push(node);
      grow(node);
    }
  }
  // What is left goes round in a ring.
  for (let node = 0; node < size; node++)
    if (started[node] === 1 && placed[node] === 0) {
      roots.push(node);
      grow(node);
    }
  return [...roots, ...inColumns(lonely, children)];
}

/** Leaves beyond a few hang below each other instead of side by side, so that the map stays as wide as a page. */
function inColumns(nodes: readonly number[], children: number[][]): readonly number[] {
  const leaves = nodes.filter((node) => children[node]?.length === 0);
  if (leaves.length <= SIDE_BY_SIDE) return nodes;
  const beside = nodes.filter((node) => !leaves.includes(node));
  leaves.forEach((leaf, place) => {
    const above = leaves[place - SIDE_BY_SIDE];
    if (above !== undefined) children[above]?.push(leaf);
  });
  return [...beside, ...leaves.slice(0, SIDE_BY_SIDE)];
}
