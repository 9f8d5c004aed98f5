import type { Layout, LayoutNode } from "../drawing/types.ts";
import type { Finding, Severity } from "../report/types.ts";
import { inShort } from "../words.ts";
import { corner } from "./svg.ts";
import { textWidth } from "./text-fit.ts";
import { traceWitness, type WitnessTrace } from "./witness-trace.ts";

/**
 * The way to each finding as a hidden layer of the drawing. Styles alone show the layer of the finding that is open, fade
 * the rest, and bring the fault into view: a report runs no script.
 */

/** Findings beyond these have their way in words only. */
const MOST_TRACED = 150;

export interface Traces {
  /** Layers `trace-<n>`, n counting findings from 1, to stand above the drawing in its `<svg>`. */
  readonly layers: string;
  /** Points of the drawing that a reader is taken to: where it begins, and where each finding is. */
  readonly aims: string;
  /** Shows the layer of the open finding and snaps to its fault, once: afterwards the reader scrolls freely. */
  readonly style: string;
}

export function tracesOf(findings: readonly Finding[], layout: Layout): Traces {
  const traced = findings.slice(0, MOST_TRACED).map((finding, index) => {
    return { number: index + 1, severity: finding.severity, way: traceWitness(layout, finding) };
  });
  const drawn = traced.filter(({ way }) => way.nodes.length > 0);
  const start = layout.nodes.find(({ kind }) => kind === "trigger") ?? layout.nodes[0];
  const rules = drawn.map(({ number }) => {
    const open = `:root:has(#finding-${number}[open])`;
    return `${open} #trace-${number}{display:inline}${open} #aim-${number}{scroll-snap-align:center}${open} .canvas{animation-name:aim-${number}}@keyframes aim-${number}{from{scroll-snap-type:both mandatory}}`;
  });
  return {
    layers: drawn.map((trace) => layer(trace, layout)).join(""),
    aims: [
      aim(layout, start, `class="aim start"`),
      ...drawn.map(({ number, way }) =>
        aim(layout, layout.nodes[way.nodes.at(-1) ?? -1], `class="aim" id="aim-${number}"`),
      ),
    ].join(""),
    style: `@media screen{${rules.join("")}}`,
  };
}

interface Trace {
  readonly number: number;
  readonly severity: Severity;
  readonly way: WitnessTrace;
}

function layer({ number, severity, way: { hops, edges, nodes } }: Trace, layout: Layout): string {
  const { width, height } = layout.box;
  const boxes = nodes.flatMap((index) => {
    const node = layout.nodes[index];
    if (node === undefined) return [];
    const halo = `<rect class="halo" x="${node.x - 3}" y="${node.y - 3}" width="${width + 6}" height="${height + 6}" rx="${corner(node, layout) + 3}"/>`;
    return [halo, `<use href="#step-${index}"/>`];
  });
  const times = hops.map(({ node, elapsedSeconds }) => {
    const { x, y } = layout.nodes[node] ?? { x: 0, y: 0 };
    const text = inShort(elapsedSeconds);
    const room = Math.round(textWidth(text) * 11.5 + 16);
    return `<rect class="time" x="${x - 8}" y="${y - 15}" width="${room}" height="20" rx="10"/><text class="time-text" x="${x + room / 2 - 8}" y="${y - 1}">${text}</text>`;
  });
  const lines = edges.map((edge) => `<use href="#edge-${edge}" class="walked"/>`);
  const names = edges.flatMap((edge) =>
    layout.edges[edge]?.label === undefined ? [] : [`<use href="#label-${edge}"/>`],
  );
  const parts = [...lines, ...boxes, ...names, ...times];
  return `<g class="trace ${severity}" id="trace-${number}" aria-hidden="true">${parts.join("")}</g>`;
}

function aim({ box }: Layout, node: LayoutNode | undefined, attributes: string): string {
  if (node === undefined) return "";
  return `<i ${attributes} style="--x:${node.x + box.width / 2};--y:${node.y + box.height / 2}"></i>`;
}
