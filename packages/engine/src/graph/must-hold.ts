import { listOf, recordOf, textOf } from "../model/attributes.ts";
import type { Branch, Step } from "../model/workflow.ts";
import { int32s } from "../number-arrays.ts";
import type { Analysis, View } from "../view.ts";
import { EdgeKind } from "./graph.ts";
import { incoming } from "./incoming.ts";
import { reachability } from "./reachability.ts";

/** Something that is true whenever a run stands at a step. Facts form a list, the newest first; `length` counts from here on. */
export type Fact = { readonly before: Fact | null; readonly length: number } & (
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

export const mustHold: Analysis<MustHold> = (view) => {
  const facts: (Fact | null)[] = new Array(view.graph.size).fill(null);
  const known = new Uint8Array(view.graph.size);
  const into = view.derive(incoming);
  const { reached } = view.derive(reachability);
  const starts = startSteps(view);
  const order = runningOrder(view);
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at] as number;
    if (starts[node] === 0) facts[node] = meet(node);
    known[node] = 1;
  }
  return (step) => facts[step.index] ?? null;

  function meet(node: number): Fact | null {
    const start = into.first[node] as number;
    const last = into.first[node + 1] as number;
    for (let row = start; row < last; row++) {
      const source = into.source[row] as number;
      if (known[source] === 0 && reached[source] === 1) return null;
    }
    let result: Fact | null = null;
    let first = true;
    for (let row = start; row < last; row++) {
      const source = into.source[row] as number;
      if (reached[source] === 0) continue;
      const out = along(view, source, into.edge[row] as number, facts[source] ?? null);
      result = first ? out : shared(result, out);
      if (result === null) return null;
      first = false;
    }
    return result;
  }
};

function startSteps({ graph }: View): Uint8Array {
  const starts = new Uint8Array(graph.size);
  for (let at = 0; at < graph.entries.length; at += 2) starts[graph.entries[at] as number] = 1;
  for (const goal of graph.goals) starts[goal] = 1;
  return starts;
}

/** Postorder: a step comes before all steps that lead to it, but for those that lead back. */
function runningOrder({ graph }: View): Int32Array {
  const { size, firstEdge, edgeTarget, entries, goals } = graph;
  const state = new Uint8Array(size);
  const nextEdge = int32s(size);
  const path = int32s(size);
  const order = int32s(size);
  let placed = 0;
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
        order[placed++] = node;
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
  return order.subarray(0, placed);
}

/** What holds after a step, on one of its edges. */
function along(view: View, source: number, edge: number, before: Fact | null): Fact | null {
  const { edgeDelay, edgeOpenEnded, edgeKind, edgeBranch } = view.graph;
  const step = view.workflow.steps[source] as Step;
  let fact = (edgeDelay[edge] as number) > 0 || edgeOpenEnded[edge] === 1 ? null : before;
  if (!step.disabled) fact = written(step, fact);
  const branch = edgeKind[edge] === EdgeKind.branch ? step.branches[edgeBranch[edge] as number] : undefined;
  if (branch === undefined) return fact;
  const older = behind(fact);
  return { kind: "branch", step, branch, before: older, length: lengthOf(older) + 1 };
}

function written(step: Step, before: Fact | null): Fact | null {
  const { type, attributes } = step;
  let fact = before;
  if (type === "add_contact_tag" || type === "remove_contact_tag") {
    const present = type === "add_contact_tag";
    for (const value of listOf(attributes["tags"])) {
      const tag = textOf(value);
      if (tag === "") continue;
      const older = behind(fact);
      fact = { kind: "tag", step, tag, present, before: older, length: lengthOf(older) + 1 };
    }
  } else if (type === "update_contact_field" || type === "create_update_contact") {
    const cleared = attributes["actionType"] === "clear_field_data";
    for (const value of listOf(attributes["fields"])) {
      const field = textOf(recordOf(value)["field"]);
      if (field === "") continue;
      const older = behind(fact);
      fact = { kind: "field", step, field, cleared, before: older, length: lengthOf(older) + 1 };
    }
  }
  return fact;
}

/** The older facts that a new one keeps. */
function behind(fact: Fact | null): Fact | null {
  return lengthOf(fact) >= MOST_FACTS ? null : fact;
}

function lengthOf(fact: Fact | null): number {
  return fact === null ? 0 : fact.length;
}

/** The part that two lists have in common: lists share their older end when they come from one step. */
function shared(a: Fact | null, b: Fact | null): Fact | null {
  let left = a;
  let right = b;
  for (let hops = 0; left !== right && hops < 2 * FARTHEST; hops++) {
    if (left !== null && left.length >= lengthOf(right)) left = left.before;
    else if (right !== null) right = right.before;
  }
  return left === right ? left : null;
}
