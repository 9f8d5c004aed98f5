import type { Layout } from "../drawing/types.ts";

/** Paper has no scrolling: what a sheet takes at a size that can be read. Lengths in millimetres. */
const SHEET = { width: 182, height: 228 };
/** Of one unit of the drawing; a step's name is then 2.6 mm high. */
const UNIT = 0.2;
const MOST_COLUMNS = 6;
/** Around the boxes of a part, in units. */
const AIR = 28;

interface Part {
  /** Column and row, as on a map: "B2". */
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * The drawing in parts that fit a sheet each, cut between rows and, where it can be, between boxes; before them, where there
 * are several, the whole with the place of each.
 */
export function printParts(layout: Layout): string {
  const columns = Math.min(MOST_COLUMNS, Math.ceil((layout.width * UNIT * 0.76) / SHEET.width));
  const wide = layout.width / columns;
  const unit = Math.min(UNIT, SHEET.width / wide);
  const parts = partsOf(layout, wide, SHEET.height / unit);
  const figures = parts.map((part) => figure(part, unit, parts.length === 1 ? "" : `Part ${part.name}`, ""));
  if (parts.length === 1) return figures.join("");
  const whole = { name: "", left: 0, top: 0, right: layout.width, bottom: layout.height };
  const fit = Math.min(SHEET.width / layout.width, SHEET.height / layout.height);
  const frames = parts.map((part) => frame(part, 3.5 / fit)).join("");
  return [
    figure(whole, fit, "The whole workflow, and where its parts on the next pages belong", frames),
    ...figures,
  ].join("");
}

function partsOf(layout: Layout, wide: number, high: number): readonly Part[] {
  const rows = cuts(layout.height, high, (at) => boxesAcross(layout, "y", at));
  const columns = cuts(layout.width, wide, (at) => boxesAcross(layout, "x", at));
  return rows.flatMap(([top, bottom], row) =>
    columns.flatMap(([left, right], column) => {
      const name = `${String.fromCharCode(65 + column)}${row + 1}`;
      return cropped(layout, { name, left, top, right, bottom });
    }),
  );
}

type Span = readonly [from: number, to: number];

/** Spans of about `most` at the most that cover a length; each ends, within its last fifth, where the fewest boxes are cut. */
function cuts(length: number, most: number, cost: (at: number) => number): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  while (length - from > most * 1.02) {
    let best = Math.floor(from + most);
    for (let at = best; at > from + most * 0.8; at -= 10) if (cost(at) < cost(best)) best = at;
    spans.push([from, best]);
    from = best;
  }
  return [...spans, [from, length]];
}

/** How many boxes a cut at this place goes through, with a little air around each. */
function boxesAcross({ nodes, box }: Layout, axis: "x" | "y", at: number): number {
  const size = axis === "x" ? box.width : box.height;
  let count = 0;
  for (const node of nodes) if (node[axis] - 16 < at && at < node[axis] + size + 8) count++;
  return count;
}

/** The part without the empty space around its boxes; nothing where it has none. */
function cropped({ nodes, box }: Layout, part: Part): readonly Part[] {
  const inside = nodes.filter(
    ({ x, y }) => x < part.right && x + box.width > part.left && y < part.bottom && y + box.height > part.top,
  );
  if (inside.length === 0) return [];
  const edge = { left: part.right, top: part.bottom, right: part.left, bottom: part.top };
  for (const { x, y } of inside) {
    edge.left = Math.min(edge.left, x - AIR);
    edge.top = Math.min(edge.top, y - AIR);
    edge.right = Math.max(edge.right, x + box.width + AIR);
    edge.bottom = Math.max(edge.bottom, y + box.height + AIR);
  }
  return [
    {
      name: part.name,
      left: Math.max(part.left, edge.left),
      top: Math.max(part.top, edge.top),
      right: Math.min(part.right, edge.right),
      bottom: Math.min(part.bottom, edge.bottom),
    },
  ];
}

function figure({ left, top, right, bottom }: Part, unit: number, caption: string, over: string): string {
  const [width, height] = [right - left, bottom - top];
  const size = `style="width:${(width * unit).toFixed(1)}mm;height:${(height * unit).toFixed(1)}mm"`;
  const words = caption === "" ? "" : `<figcaption>${caption}</figcaption>`;
  return `<figure class="part"><svg class="drawing" viewBox="${left} ${top} ${width} ${height}" ${size} aria-hidden="true"><use href="#workflow"/>${over}</svg>${words}</figure>`;
}

function frame({ name, left, top, right, bottom }: Part, size: number): string {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2 + size / 3];
  return `<rect class="part-frame" x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/><text class="part-name" x="${x}" y="${y.toFixed(0)}" font-size="${size.toFixed(0)}">${name}</text>`;
}
