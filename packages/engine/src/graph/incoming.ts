import { int32s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";

/** The edges of the graph by their target: row `node` is `first[node] … first[node + 1]`. */
export interface Incoming {
  readonly first: Int32Array;
  readonly source: Int32Array;
  readonly edge: Int32Array;
}

export const incoming: Analysis<Incoming> = ({ graph }) => {
  const { size, firstEdge, edgeTarget } = graph;
  const count = edgeTarget.length;
  const first = int32s(size + 1);
  for (let edge = 0; edge < count; edge++) {
    const row = (edgeTarget[edge] as number) + 1;
    first[row] = (first[row] as number) + 1;
  }
  for (let node = 0; node < size; node++) first[node + 1] = (first[node + 1] as number) + (first[node] as number);
  const place = int32s(size + 1);
  place.set(first);
  const source = int32s(count);
  const edgeOf = int32s(count);
  for (let node = 0; node < size; node++) {
    const last = firstEdge[node + 1] as number;
    for (let edge = firstEdge[node] as number; edge < last; edge++) {
      const target = edgeTarget[edge] as number;
      const at = place[target] as number;
      place[target] = at + 1;
      source[at] = node;
      edgeOf[at] = edge;
    }
  }
  return { first, source, edge: edgeOf };
};
