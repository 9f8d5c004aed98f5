import { listOf, recordOf, textOf } from "../model/attributes.ts";
import type { Branch, Step } from "../model/workflow.ts";
import type { Analysis, View } from "../view.ts";
import { EdgeKind } from "./graph.ts";
import { incoming } from "./incoming.ts";
import { reachability } from "./reachability.ts";

/** Something that is true whenever a run stands at a step. Facts form a list, the newest first. */
export type Fact = { readonly before: Fact | null } & (
  | { readonly kind: "branch"; readonly step: Step; readonly branch: Branch }
  | { readonly kind: "tag"; readonly step: Step; readonly tag: string; readonly present: boolean }
  | { readonly kind: "field"; readonly step: Step; readonly field: string; readonly cleared: boolean }
);

/** Facts older than this many are let go: fewer facts are always sound. */
const MOST_FACTS = 64;
/** How far back two lists are compared where ways meet. */
const FARTHEST = MOST_FACTS;

/**
 * What must hold when a run enters a step: the branches taken, tags and fields written since the last pause, on every way there.
 * A pause ends all facts, since the contact may change meanwhile; where ways meet, what they share stays; where a loop comes
 * back, nothing is kept. A newer fact about the same tag or field overrules an older one: read the list from the front.
 */
export type MustHold = (step: Step) => Fact | null;

interface Entry {
  readonly fact: Fact | null;
  readonly length: number;
}

const NOTHING: Entry = { fact: null, length: 0 };

export const mustHold: Analysis<MustHold> = (view) => {
  const facts: Entry[] = new Array(view.graph.size).fill(NOTHING);
  const known = new Uint8Array(view.graph.size);
  const into = view.derive(incoming);
  const { reached } = view.derive(reachability);
  const starts = startSteps(view);
  for (const node of inRunningOrder(view)) {
    facts[node] = starts[node] === 1 ? NOTHING : meet(node);
    known[node] = 1;
  }
  return (step) => facts[step.index]?.fact ?? null;

  function meet(node: number): Entry {
    let result: Entry | null = null;
    const last = into.first[node + 1] as number;
    for (let row = into.first[node] as number; row < last; row++) {
      const source = into.source[row] as number;
      if (reached[source] === 0) continue;
      if (known[source] === 0) return NOTHING;
      const out = along(view, source, into.edge[row] as number, facts[source] as Entry);
      result = result === null ? out : shared(result, out);
      if (result.fact === null) return NOTHING;
    }
    return result ?? NOTHING;
  }
};

function startSteps({ graph }: View): Uint8Array {
  const starts = new Uint8Array(graph.size);
  for (let at = 0; at < graph.entries.length; at += 2) starts[graph.entries[at] as number] = 1;
  for (const goal of graph.goals) starts[goal] = 1;
  return starts;
}

/** Reverse postorder: a step comes after all steps that lead to it, but for those that lead back. */
function inRunningOrder({ graph }: View): readonly number[] {
  const { size, firstEdge, edgeTarget, entries, goals } = graph;
  const state = new Uint8Array(size);
  const nextEdge = new Int32Array(size);
  const path = new Int32Array(size);
  const order: number[] = [];
  const walk = (start: number) => {
    if (state[start] !== 0) return;
    let top = 0;
    const visit = (node: number) => {
      state[node] = 1;
      nextEdge[node] = firstEdge[node] as number;
      path[top++] = node;
    };
    visit(start);
    while (top > 0) {
      const node = path[top - 1] as number;
      const edge = nextEdge[node] as number;
      if (edge === (firstEdge[node + 1] as number)) {
        order.push(node);
        top--;
        continue;
      }
      nextEdge[node] = edge + 1;
      const target = edgeTarget[edge] as number;
      if (state[target] === 0) visit(target);
    }
  };
  for (let at = 0; at < entries.length; at += 2) walk(entries[at] as number);
  for (const goal of goals) walk(goal);
  return order.reverse();
}

/** What holds after a step, on one of its edges. */
function along(view: View, source: number, edge: number, before: Entry): Entry {
  const { edgeDelay, edgeOpenEnded, edgeKind, edgeBranch } = view.graph;
  const step = view.workflow.steps[source] as Step;
  let entry = before;
  if ((edgeDelay[edge] as number) > 0 || edgeOpenEnded[edge] === 1) entry = NOTHING;
  if (!step.disabled) entry = written(step, entry);
  const branch = edgeKind[edge] === EdgeKind.branch ? step.branches[edgeBranch[edge] as number] : undefined;
  return branch === undefined ? entry : add(entry, { kind: "branch", step, branch, before: entry.fact });
}

function written(step: Step, entry: Entry): Entry {
  const { type, attributes } = step;
  let now = entry;
  if (type === "add_contact_tag" || type === "remove_contact_tag") {
    for (const value of listOf(attributes["tags"])) {
      const tag = textOf(value);
      if (tag !== "") now = add(now, { kind: "tag", step, tag, present: type === "add_contact_tag", before: now.fact });
    }
  } else if (type === "update_contact_field" || type === "create_update_contact") {
    const cleared = attributes["actionType"] === "clear_field_data";
    for (const value of listOf(attributes["fields"])) {
      const field = textOf(recordOf(value)["field"]);
      if (field !== "") now = add(now, { kind: "field", step, field, cleared, before: now.fact });
    }
  }
  return now;
}

function add(entry: Entry, fact: Fact): Entry {
  return entry.length >= MOST_FACTS
    ? { fact: { ...fact, before: null }, length: 1 }
    : { fact, length: entry.length + 1 };
}

/** The part that two lists have in common: lists share their older end when they come from one step. */
function shared(a: Entry, b: Entry): Entry {
  let { fact: left, length: leftLength } = a;
  let { fact: right, length: rightLength } = b;
  for (let hops = 0; left !== right && hops < 2 * FARTHEST; hops++) {
    if (leftLength >= rightLength && left !== null) {
      left = left.before;
      leftLength--;
    } else if (right !== null) {
      right = right.before;
      rightLength--;
    }
  }
  return left === right && left !== null ? { fact: left, length: leftLength } : NOTHING;
}
