import type { LocationLayout, MapEdge, MapNode } from "../drawing/location-picture.ts";
import type { LocationFinding } from "../report/location-types.ts";
import { counted } from "../words.ts";
import { mark } from "./icons.ts";
import { escapeMarkup } from "./markup.ts";
import { clip, textWidth } from "./text-fit.ts";

/** With more lines than these their words would hide the boxes; the table of references has them. */
const MOST_LABELS = 48;
const MOST_MARKS = 3;
const TITLE_SIZE = 13;
const LABEL_SIZE = 11;

export interface MapOptions {
  /** Address in the page of a workflow's row. */
  readonly rowOf: (id: string) => string | undefined;
}

/** What the map shows, for whoever cannot see it. */
export function mapDescription({ nodes, edges }: LocationLayout): string {
  return `${counted(nodes.length, "workflow")} and ${counted(edges.length, "tie")} between them. The lists below say the same in words.`;
}

/** The inside of an `<svg>`: lines, boxes, marks of the findings. Needs `symbols` in the same document. */
export function locationMap(layout: LocationLayout, issues: readonly LocationFinding[], options: MapOptions): string {
  const marks = marksOf(issues);
  const labelled = layout.edges.length <= MOST_LABELS;
  return [
    `<defs><marker id="tie-tip" viewBox="0 0 10 10" refX="8.5" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0.8 9 5 0 9.2z"/></marker><marker id="ring-tip" viewBox="0 0 10 10" refX="8.5" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path class="ring-tip" d="M0 0.8 9 5 0 9.2z"/></marker></defs>`,
    ...layout.edges.map((edge) => line(layout, edge)),
    ...layout.nodes.map((node, at) => box(layout, node, at, marks.get(node.id) ?? [], options)),
    ...(labelled ? layout.edges.map((edge) => label(layout, edge)) : []),
  ].join("");
}

interface Mark {
  readonly number: number;
  readonly severity: LocationFinding["severity"];
}

function marksOf(issues: readonly LocationFinding[]): ReadonlyMap<string, readonly Mark[]> {
  const marks = new Map<string, Mark[]>();
  issues.forEach(({ severity, hops }, at) => {
    for (const id of new Set(hops.map(({ workflowId }) => workflowId))) {
      const known = marks.get(id);
      const one = { number: at + 1, severity };
      if (known === undefined) marks.set(id, [one]);
      else known.push(one);
    }
  });
  return marks;
}

function box(
  { box: { width, height } }: LocationLayout,
  node: MapNode,
  at: number,
  marks: readonly Mark[],
  { rowOf }: MapOptions,
): string {
  const { id, name, draft, score, x, y } = node;
  const shown = marks.slice(0, MOST_MARKS);
  const more = marks.length > shown.length ? `, ${marks.length} findings` : "";
  const row = rowOf(id);
  const words = [
    `<rect class="card" width="${width}" height="${height}" rx="12"/>`,
    `<rect class="health ${tone(score)}" x="0" y="12" width="5" height="${height - 24}" rx="2.5"/>`,
    `<text class="title" x="18" y="27">${escapeMarkup(clip(name, (width - 34) / TITLE_SIZE))}</text>`,
    `<text class="detail" x="18" y="47">${score} of 100${draft ? ", draft" : ""}${more}</text>`,
    ...shown.map(({ severity, number }, place) => mark(severity, String(number), width - 14 - place * 28, 0)),
  ].join("");
  const whole = `<title>${escapeMarkup(name)}</title>${words}`;
  const group = `<g class="step${draft ? " disabled-map" : ""}" id="place-${at + 1}" transform="translate(${x} ${y})">`;
  return `${group}${row === undefined ? whole : `<a href="#${row}">${whole}</a>`}</g>`;
}

function tone(score: number): string {
  return score >= 70 ? "good" : score >= 50 ? "medium" : score >= 20 ? "high" : "critical";
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Route {
  readonly path: string;
  readonly middle: Point;
}

/** Down from bottom to top; up or aside in a bow at the right. */
function route({ nodes, box: { width, height } }: LocationLayout, { from, to }: MapEdge): Route | null {
  const [a, b] = [nodes[from], nodes[to]];
  if (a === undefined || b === undefined) return null;
  if (b.y > a.y) {
    const [x1, y1, x2, y2] = [a.x + width / 2, a.y + height, b.x + width / 2, b.y];
    const bend = Math.min(60, (y2 - y1) / 2);
    return {
      path: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`,
      middle: { x: (x1 + x2) / 2, y: (y1 + y2) / 2 },
    };
  }
  const [x1, y1, x2, y2] = [a.x + width, a.y + height / 2, b.x + width, b.y + height / 2];
  const bow = Math.max(x1, x2) + 26 + Math.min(40, Math.abs(y1 - y2) / 8);
  return {
    path: `M${x1} ${y1}C${bow} ${y1} ${bow} ${y2} ${x2} ${y2}`,
    middle: { x: (3 * bow + (x1 + x2) / 2) / 4, y: (y1 + y2) / 2 },
  };
}

function line(layout: LocationLayout, edge: MapEdge): string {
  const found = route(layout, edge);
  if (found === null) return "";
  const kind = edge.ring ? "edge ring" : "edge";
  return `<path class="${kind}" d="${found.path}" marker-end="url(#${edge.ring ? "ring" : "tie"}-tip)"><title>${escapeMarkup(edge.label)}</title></path>`;
}

function label(layout: LocationLayout, edge: MapEdge): string {
  const found = edge.label === "" ? null : route(layout, edge);
  if (found === null) return "";
  const text = clip(edge.label, 150 / LABEL_SIZE);
  const width = Math.round(textWidth(text) * LABEL_SIZE + 14);
  const { x, y } = found.middle;
  return `<g class="label${edge.ring ? " ring" : ""}" transform="translate(${Math.round(x)} ${Math.round(y)})"><rect x="${-width / 2}" y="-10" width="${width}" height="20" rx="10"/><text y="4">${escapeMarkup(text)}</text></g>`;
}

/** Beyond the style of a workflow's drawing. */
export const mapStyle = `
.edge.ring{stroke:var(--critical);stroke-width:2.6}
.ring-tip{fill:var(--critical)}
.label.ring rect{stroke:var(--critical)}
.health.good{fill:var(--good)}.health.medium{fill:var(--medium)}.health.high{fill:var(--high)}.health.critical{fill:var(--critical)}
.disabled-map .card{stroke:var(--line);stroke-dasharray:5 4}
.map .canvas{max-height:none}
.map .paper{width:100%;min-width:860px;max-width:calc(var(--width)*1px)}
.table{overflow-x:auto}
.table table{border-collapse:collapse;width:100%;font-size:.92rem}
.table th,.table td{text-align:left;vertical-align:top;padding:7px 14px 7px 0;border-bottom:1px solid var(--rim)}
.table th{font-size:.8rem;color:var(--soft)}
.table td.figure{font-variant-numeric:tabular-nums;white-space:nowrap}
.table tr:target td{background:color-mix(in srgb,var(--low) 12%,transparent)}
@media print{.map .canvas{display:block;overflow:visible;max-height:none;border:0}.map .paper{width:100%!important}.table tr{break-inside:avoid}}
`;
