import type { Layout, LayoutEdge, LayoutNode } from "../drawing/types.ts";
import type { AnalysisReport, Finding, Severity } from "../report/types.ts";
import { counted, inShort } from "../words.ts";
import { escapeMarkup } from "./markup.ts";
import { drawingStyle } from "./style.ts";
import { traceWitness, type WitnessTrace } from "./witness-trace.ts";

const severities: readonly Severity[] = ["critical", "high", "medium", "low", "info"];
const severityLetter: Readonly<Record<Severity, string>> = {
  critical: "C",
  high: "H",
  medium: "M",
  low: "L",
  info: "i",
};

/** A standalone SVG picture of the workflow with its faults marked on their steps. */
export function renderSvg(report: AnalysisReport, layout: Layout): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${drawing(report, layout, { standalone: true, traces: false })}\n`;
}

export interface DrawingOptions {
  /** Carries its own style; inside a page the page's style holds. */
  readonly standalone: boolean;
  /** Draws every finding's witness path as a hidden layer `trace-<n>`, n counting issues from 1. */
  readonly traces: boolean;
}

/** The `<svg>` element; output is linear in nodes, edges and witness hops. */
export function drawing(report: AnalysisReport, layout: Layout, options: DrawingOptions): string {
  const title = `Workflow ${report.workflow.name}`;
  const description = `${counted(layout.nodes.length, "box", "boxes")}, ${counted(report.issues.length, "issue")} marked. The list of issues says the same in words.`;
  const marks = marksByStep(report.issues);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" aria-labelledby="drawing-title drawing-description" viewBox="0 0 ${layout.width} ${layout.height}" width="${layout.width}" height="${layout.height}">`,
    `<title id="drawing-title">${escapeMarkup(title)}</title><desc id="drawing-description">${escapeMarkup(description)}</desc>`,
    options.standalone ? `<style>${drawingStyle}</style>` : "",
    `<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0 10 5 0 10z"/></marker>`,
    ...layout.edges.map((edge, index) => `<path id="edge-${index}" d="${edgePath(layout, edge)}"/>`),
    `</defs><g id="workflow">`,
    ...layout.edges.map(
      (edge, index) => `<use href="#edge-${index}" class="edge ${edge.kind}" marker-end="url(#tip)"/>`,
    ),
    ...layout.nodes.map((node) => box(node, marks.get(node.id))),
    ...layout.edges.map((edge) => edgeLabel(layout, edge)),
    "</g>",
    ...(options.traces ? report.issues.map((issue, index) => trace(layout, issue, index + 1)) : []),
    "</svg>",
  ];
  return parts.join("");
}

interface Mark {
  readonly severity: Severity;
  readonly count: number;
}

function marksByStep(issues: readonly Finding[]): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const issue of issues) {
    for (const step of new Set(issue.steps.map(({ id }) => id))) {
      const known = marks.get(step);
      const worse = known === undefined || severities.indexOf(issue.severity) < severities.indexOf(known.severity);
      marks.set(step, { severity: worse ? issue.severity : known.severity, count: (known?.count ?? 0) + 1 });
    }
  }
  return marks;
}

function box(node: LayoutNode, mark: Mark | undefined): string {
  const titleLine = clip(node.title, 27);
  const detail = wrapInto(node.detail, 33, 2);
  const full = node.detail === "" ? node.title : `${node.title}: ${node.detail}`;
  const state = mark === undefined ? "" : ` marked ${mark.severity}`;
  const lines = detail.map(
    (line, index) =>
      `<text class="detail" x="${node.x + 14}" y="${node.y + 40 + index * 15}">${escapeMarkup(line)}</text>`,
  );
  return [
    `<g class="step ${node.kind}${node.disabled === true ? " disabled" : ""}${state}">`,
    `<title>${escapeMarkup(clip(full, 300))}</title>`,
    `<rect x="${node.x}" y="${node.y}" width="${node.width}" height="${node.height}" rx="${node.kind === "trigger" || node.kind === "exit" ? 20 : 8}"/>`,
    `<text class="title" x="${node.x + 14}" y="${node.y + 22}">${escapeMarkup(titleLine)}</text>`,
    ...lines,
    mark === undefined ? "" : badge(node, mark),
    "</g>",
  ].join("");
}

function badge(node: LayoutNode, mark: Mark): string {
  const x = node.x + node.width - 6;
  const y = node.y + 4;
  const text = mark.count > 1 ? `${severityLetter[mark.severity]}${mark.count}` : severityLetter[mark.severity];
  return `<g class="badge ${mark.severity}"><circle cx="${x}" cy="${y}" r="13"/><text x="${x}" y="${y + 4}" text-anchor="middle">${text}</text></g>`;
}

/** Straight down, across and down again; a jump leaves and arrives at the side, so that it reads as going back. */
function edgePath(layout: Layout, edge: LayoutEdge): string {
  const from = layout.nodes[edge.from];
  const to = layout.nodes[edge.to];
  if (from === undefined || to === undefined) return "";
  if (edge.kind === "jump" || to.y <= from.y) {
    const x1 = from.x + from.width;
    const y1 = from.y + from.height / 2;
    const x2 = to.x + to.width;
    const y2 = to.y + to.height / 2;
    const bend = Math.max(x1, x2) + 28;
    return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
  }
  const x1 = from.x + from.width / 2;
  const x2 = to.x + to.width / 2;
  const y1 = from.y + from.height;
  const middle = y1 + 18;
  return x1 === x2 ? `M${x1} ${y1}V${to.y}` : `M${x1} ${y1}V${middle}H${x2}V${to.y}`;
}

function edgeLabel(layout: Layout, edge: LayoutEdge): string {
  const to = layout.nodes[edge.to];
  const from = layout.nodes[edge.from];
  if (edge.label === undefined || edge.label === "" || to === undefined || from === undefined) return "";
  const x = edge.kind === "jump" ? from.x + from.width + 8 : to.x + to.width / 2 + 6;
  const y = edge.kind === "jump" ? from.y + from.height / 2 - 6 : to.y - 10;
  return `<text class="branch-name" x="${x}" y="${y}"><title>${escapeMarkup(clip(edge.label, 300))}</title>${escapeMarkup(clip(edge.label, 24))}</text>`;
}

/** The way to one fault: its lines, its boxes, and the time elapsed at each hop. Hidden until the issue is open. */
function trace(layout: Layout, issue: Finding, number: number): string {
  const way: WitnessTrace = traceWitness(layout, issue.path);
  if (way.hops.length === 0) return "";
  return [
    `<g class="trace ${issue.severity}" id="trace-${number}" aria-hidden="true">`,
    ...way.edges.map((edge) => `<use href="#edge-${edge}"/>`),
    ...way.hops.map(({ node, elapsedSeconds }) => {
      const box = layout.nodes[node];
      if (box === undefined) return "";
      const text = inShort(elapsedSeconds);
      const width = 12 + text.length * 6.4;
      return `<rect class="outline" x="${box.x - 3}" y="${box.y - 3}" width="${box.width + 6}" height="${box.height + 6}" rx="10"/><rect class="elapsed" x="${box.x - 8}" y="${box.y - 14}" width="${Math.round(width)}" height="18" rx="9"/><text x="${box.x - 2}" y="${box.y - 1}">${text}</text>`;
    }),
    "</g>",
  ].join("");
}

/** Shortens by code points, never inside a surrogate pair. */
function clip(text: string, length: number): string {
  const flat = text.replace(/\s+/g, " ").trim();
  if (flat.length <= length) return flat;
  return `${Array.from(flat.slice(0, length * 2))
    .slice(0, length - 1)
    .join("")
    .trimEnd()}…`;
}

function wrapInto(text: string, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  let rest = text.replace(/\s+/g, " ").trim();
  while (rest !== "" && lines.length < most) {
    if (lines.length === most - 1 || rest.length <= width) {
      lines.push(clip(rest, width));
      break;
    }
    const space = rest.lastIndexOf(" ", width);
    const cut = space > width / 3 ? space : width;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return lines;
}
