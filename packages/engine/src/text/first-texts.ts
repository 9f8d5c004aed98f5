import type { Analysis } from "../view.ts";

/** 1 for every SMS step that can be the first text a contact gets in this run. */
export const firstTexts: Analysis<Uint8Array> = (view) => {
  const { size, firstEdge, edgeTarget, entries } = view.graph;
  const { steps } = view.workflow;
  const first = new Uint8Array(size);
  const seen = new Uint8Array(size);
  const open: number[] = [];
  const enter = (node: number) => {
    if (seen[node] === 1) return;
    seen[node] = 1;
    open.push(node);
  };
  for (let at = 0; at < entries.length; at += 2) enter(entries[at] as number);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const step = steps[node];
    if (step?.type === "sms" && !step.disabled) {
      first[node] = 1;
      continue;
    }
    const last = firstEdge[node + 1] as number;
    for (let edge = firstEdge[node] as number; edge < last; edge++) enter(edgeTarget[edge] as number);
  }
  return first;
};
