import type { Layout, LayoutEdge } from "../drawing/types.ts";

type Point = readonly [x: number, y: number];

export interface Route {
  /** SVG path data. */
  readonly path: string;
  /** Where a label's middle stands. */
  readonly label: Point;
}

/** Radius of a line's corners. */
const BEND = 9;
/** Of the space between two rows, how far below a box a line turns. */
const TURN = 14;

/**
 * The way of a line: straight down, across and down again into the next row; anything further leaves at the side, runs in
 * the space between two columns and comes in from above. Jumps side by side keep a little apart.
 */
export function route(layout: Layout, edge: LayoutEdge): Route | null {
  const from = layout.nodes[edge.from];
  const to = layout.nodes[edge.to];
  if (from === undefined || to === undefined) return null;
  const { width, height } = layout.box;
  const middle = from.x + width / 2;
  const target = to.x + width / 2;
  const drop = to.y - from.y;
  if (drop > height && drop < 2.5 * height) {
    const turn = from.y + height + TURN;
    const points: Point[] = [
      [middle, from.y + height],
      [middle, turn],
      [target, turn],
      [target, to.y],
    ];
    return { path: rounded(points), label: [target, to.y - 22] };
  }
  const apart = (edge.from % 3) * 5;
  const right = from.x + width;
  const lane = right + 10 + apart;
  const side = from.y + height / 2 + apart;
  const above = to.y - 12 - apart;
  const entry = target + 34 + apart;
  const points: Point[] = [
    [right, side],
    [lane, side],
    [lane, above],
    [entry, above],
    [entry, to.y],
  ];
  return { path: rounded(points), label: [lane, (side + above) / 2] };
}

/** A line through points, its corners rounded. */
function rounded(given: readonly Point[]): string {
  const points = given.filter(([x, y], index) => {
    const before = given[index - 1];
    return before === undefined || before[0] !== x || before[1] !== y;
  });
  const [start, ...rest] = points;
  if (start === undefined) return "";
  let path = `M${start[0]} ${start[1]}`;
  rest.forEach((corner, index) => {
    const before = index === 0 ? start : (rest[index - 1] ?? start);
    const after = rest[index + 1];
    if (after === undefined) {
      path += `L${corner[0]} ${corner[1]}`;
      return;
    }
    const [enter, leave] = [towards(corner, before), towards(corner, after)];
    path += `L${enter[0]} ${enter[1]}Q${corner[0]} ${corner[1]} ${leave[0]} ${leave[1]}`;
  });
  return path;
}

/** The point a bend away from a corner, at most half the way to its neighbour. */
function towards([x, y]: Point, [toX, toY]: Point): Point {
  const distance = Math.hypot(toX - x, toY - y);
  const part = distance === 0 ? 0 : Math.min(BEND, distance / 2) / distance;
  return [tenth(x + (toX - x) * part), tenth(y + (toY - y) * part)];
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
