import type { Layout, LayoutEdge, LayoutNode } from "../drawing/types.ts";
import type { AnalysisReport, Finding } from "../report/types.ts";
import { counted } from "../words.ts";
import { type Brand, showable } from "./brand.ts";
import { standaloneStyle } from "./drawing-style.ts";
import { route } from "./edge-route.ts";
import { mark, symbols } from "./icons.ts";
import { escapeMarkup } from "./markup.ts";
import { clip, textWidth, wrap } from "./text-fit.ts";
import { severities, severityName } from "./verdict.ts";

/** Marks side by side on one box; more are counted. */
const MOST_MARKS = 3;

/** Height of the band that carries a brand, above the drawing. */
const BRAND_BAND = 56;
const MARGIN = 24;

/** A standalone SVG picture of the workflow with its faults marked on their steps, under a brand if there is one. */
export function renderSvg(report: AnalysisReport, layout: Layout, given: Brand = {}): string {
  const { width } = layout;
  const band = brandBand(showable(given), width);
  const height = layout.height + (band === "" ? 0 : BRAND_BAND);
  const drawn = drawing(report, layout, { linked: false });
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" aria-labelledby="drawing-title drawing-text" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title id="drawing-title">${escapeMarkup(`Workflow ${report.workflow.name}`)}</title><desc id="drawing-text">${escapeMarkup(description(report, layout))}</desc>`,
    `<style>${standaloneStyle}</style><defs>${symbols}</defs>`,
    band === "" ? drawn : `${band}<g transform="translate(0 ${BRAND_BAND})">${drawn}</g>`,
    "</svg>",
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${parts.join("")}\n`;
}

/** A line in the brand's colour, its logo and its name; nothing where there is no brand. */
function brandBand({ name, logo, colour }: Brand, width: number): string {
  const inner = Math.max(0, width - 2 * MARGIN);
  const title = escapeMarkup(name ?? "Logo");
  const parts = [
    colour === undefined ? "" : `<rect width="${width}" height="6" fill="${colour}"/>`,
    logo === undefined
      ? ""
      : `<image href="${logo}" x="${MARGIN}" y="16" width="${inner}" height="32" preserveAspectRatio="xMinYMid"><title>${title}</title></image>`,
    // As on the page, a logo speaks for its name.
    name === undefined || logo !== undefined
      ? ""
      : `<text class="title" x="${MARGIN}" y="37">${escapeMarkup(clip(name, inner / 13.6))}</text>`,
  ].join("");
  return parts === "" ? "" : `<g id="brand">${parts}</g>`;
}

/** What a drawing shows, for whoever cannot see it. */
export function description(report: AnalysisReport, { nodes }: Layout): string {
  const steps = counted(nodes.length, "box", "boxes");
  return `${steps}, ${counted(report.issues.length, "finding")} marked. The list of findings says the same in words.`;
}

export interface DrawingOptions {
  /** Marks lead to the findings of the page. */
  readonly linked: boolean;
}

/** The inside of an `<svg>`: lines, boxes, marks. Needs `symbols` in the same document. Linear in boxes, lines and steps of issues. */
export function drawing(report: AnalysisReport, layout: Layout, { linked }: DrawingOptions): string {
  const marks = marksByStep(report.issues);
  const { width, height } = layout.box;
  return [
    `<defs><marker id="tip" viewBox="0 0 10 10" refX="8.5" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0.8 9 5 0 9.2z"/></marker>`,
    `<clipPath id="inside"><rect width="${width - 6}" height="${height}"/></clipPath>`,
    ...layout.edges.map((edge, index) => `<path id="edge-${index}" d="${route(layout, edge)?.path ?? ""}"/>`),
    `</defs><g id="workflow">`,
    ...layout.edges.map(
      ({ kind }, index) => `<use href="#edge-${index}" class="edge ${kind}" marker-end="url(#tip)"/>`,
    ),
    ...layout.nodes.map((node, index) => box(layout, node, index, marks.get(node.id) ?? [], linked)),
    ...layout.edges.map((edge, index) => edgeLabel(layout, edge, index)),
    "</g>",
  ].join("");
}

const CORNER = 12;

/** Radius of a box's corners: where a run begins and ends is round. */
export function corner({ kind }: LayoutNode, { box }: Layout): number {
  return kind === "trigger" || kind === "exit" ? box.height / 2 : CORNER;
}

interface Mark {
  /** Place of the finding among the issues, from 1. */
  readonly number: number;
  readonly finding: Finding;
}

/** In report order, so the worst comes first. */
function marksByStep(issues: readonly Finding[]): ReadonlyMap<string, readonly Mark[]> {
  const marks = new Map<string, Mark[]>();
  issues.forEach((finding, index) => {
    for (const id of new Set(finding.steps.map((step) => step.id))) {
      const known = marks.get(id) ?? [];
      known.push({ number: index + 1, finding });
      marks.set(id, known);
    }
  });
  return marks;
}

function box(layout: Layout, node: LayoutNode, index: number, marks: readonly Mark[], linked: boolean): string {
  const { width, height } = layout.box;
  const { kind, title, detail, disabled } = node;
  const worst = severities.find((severity) => marks.some(({ finding }) => finding.severity === severity));
  const classes = [
    "step",
    kind,
    ...(disabled === true ? ["disabled"] : []),
    ...(worst === undefined ? [] : [`at-${worst}`]),
  ];
  const round = corner(node, layout);
  const pill = round > CORNER;
  const left = 54;
  const lines = wrap(detail, (width - left - 10) / 11.5, 2);
  const first = lines.length === 0 ? 41 : lines.length === 1 ? 32 : 24;
  const full = detail === "" ? title : `${title}: ${detail}`;
  return [
    `<g id="step-${index}" class="${classes.join(" ")}" transform="translate(${node.x} ${node.y})">`,
    `<title>${escapeMarkup(disabled === true ? `${full} (switched off)` : full)}</title>`,
    `<rect class="card" width="${width}" height="${height}" rx="${round}"/>`,
    `<rect class="tile" x="${pill ? 16 : 12}" y="${height / 2 - 16}" width="32" height="32" rx="${pill ? 16 : 9}"/>`,
    `<use class="icon" href="#icon-${kind}" x="${pill ? 22 : 18}" y="${height / 2 - 10}" width="20" height="20"/>`,
    `<g clip-path="url(#inside)"><text class="title" x="${left}" y="${first}">${escapeMarkup(clip(title, (width - left - 12) / 13.6))}</text>`,
    ...lines.map(
      (line, at) => `<text class="detail" x="${left}" y="${first + 18 + at * 15}">${escapeMarkup(line)}</text>`,
    ),
    "</g>",
    ...marksOf(marks, width, linked),
    "</g>",
  ].join("");
}

/** At the box's upper right corner. */
function marksOf(marks: readonly Mark[], width: number, linked: boolean): readonly string[] {
  const shown = marks.slice(0, marks.length > MOST_MARKS ? MOST_MARKS - 1 : MOST_MARKS);
  const more = marks.length - shown.length;
  const step = 29;
  const start = width - 12 - (shown.length - 1 + (more > 0 ? 1 : 0)) * step;
  const drawn = shown.map(({ number, finding: { severity, title } }, at) => {
    const shape = mark(severity, String(number), start + at * step, 0);
    const name = escapeMarkup(`Finding ${number}, ${severityName[severity]}: ${title}`);
    return linked ? `<a href="#finding-${number}-text" aria-label="${name}">${shape}</a>` : shape;
  });
  return more === 0 ? drawn : [...drawn, mark("info", `+${more}`, start + shown.length * step, 0)];
}

function edgeLabel(layout: Layout, edge: LayoutEdge, index: number): string {
  const { label = "" } = edge;
  const place = label === "" ? null : route(layout, edge);
  if (place === null) return "";
  const text = clip(label, 20);
  const width = Math.round(textWidth(text) * 11.2 + 18);
  const [x, y] = place.label;
  return `<g class="label" id="label-${index}"><title>${escapeMarkup(label)}</title><rect x="${Math.round(x - width / 2)}" y="${Math.round(y - 10)}" width="${width}" height="20" rx="10"/><text x="${x}" y="${y + 4}">${escapeMarkup(text)}</text></g>`;
}
