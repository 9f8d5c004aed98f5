/**
 * The floor: the least anything could do with a workflow. Parse the text, index its steps and edges into typed arrays, one
 * pass of Tarjan's algorithm. No rule, no text, no report.
 */

interface RawStep {
  readonly id: string;
  readonly next?: string | readonly string[];
  readonly attributes?: { readonly targetNodeId?: string };
}

export interface FloorTimes {
  readonly components: number;
}

export function floor(text: string): FloorTimes {
  const steps: readonly RawStep[] = JSON.parse(text).workflow.workflowData.templates;
  const index = new Map<string, number>();
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    if (step !== undefined) index.set(step.id, at);
  }
  const first = new Int32Array(steps.length + 1);
  const targets: number[] = [];
  for (let at = 0; at < steps.length; at++) {
    first[at] = targets.length;
    const step = steps[at];
    if (step === undefined) continue;
    if (typeof step.next === "string") push(index, targets, step.next);
    else if (step.next !== undefined) for (const next of step.next) push(index, targets, next);
    const jump = step.attributes?.targetNodeId;
    if (jump !== undefined) push(index, targets, jump);
  }
  first[steps.length] = targets.length;
  return { components: components(first, Int32Array.from(targets)) };
}

function push(index: ReadonlyMap<string, number>, targets: number[], id: string): void {
  const target = index.get(id);
  if (target !== undefined) targets.push(target);
}

/** Counts strongly connected components, iteratively. */
function components(first: Int32Array, targets: Int32Array): number {
  const size = first.length - 1;
  const order = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const cursor = new Int32Array(size);
  const open = new Uint8Array(size);
  const walk = new Int32Array(size);
  const stack = new Int32Array(size);
  let counter = 0;
  let stacked = 0;
  let found = 0;
  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) continue;
    let depth = 0;
    walk[0] = root;
    while (depth >= 0) {
      const node = walk[depth] ?? 0;
      if (order[node] === -1) {
        order[node] = low[node] = counter++;
        cursor[node] = first[node] ?? 0;
        stack[stacked++] = node;
        open[node] = 1;
      }
      let descended = false;
      while ((cursor[node] ?? 0) < (first[node + 1] ?? 0)) {
        const target = targets[cursor[node] ?? 0] ?? 0;
        cursor[node] = (cursor[node] ?? 0) + 1;
        if (order[target] === -1) {
          walk[++depth] = target;
          descended = true;
          break;
        }
        if (open[target] === 1) low[node] = Math.min(low[node] ?? 0, order[target] ?? 0);
      }
      if (descended) continue;
      if (low[node] === order[node]) {
        found++;
        let member: number;
        do {
          member = stack[--stacked] ?? node;
          open[member] = 0;
        } while (member !== node);
      }
      depth--;
      const parent = walk[depth];
      if (depth >= 0 && parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
    }
  }
  return found;
}
