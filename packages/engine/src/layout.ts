import { hierarchy, tree } from "d3-hierarchy";
import {
  type LocationLayout,
  type LocationLayouts,
  locationPictureOf,
  type MapNode,
} from "./drawing/location-picture.ts";
import { foldingLines, type Picture, pictureOf } from "./drawing/picture.ts";
import type { PlanLayouts } from "./drawing/plan-layouts.ts";
import type { Layout, LayoutNode } from "./drawing/types.ts";
import { END, type Workflow } from "./model/workflow.ts";
import { gate } from "./report/gate.ts";
import { gateLocation } from "./report/gate-location.ts";
import type { LocationReport } from "./report/location-types.ts";
import type { AnalysisReport } from "./report/types.ts";

const BOX = { width: 248, height: 72 };
/** From one box's left edge to the next one's; from one row's top to the next one's. */
const COLUMN = 280;
const ROW = 120;
const MARGIN = 36;
/** For jumps that run at the right of the last column. */
const RIGHT_LANE = 28;

/** The drawings to store with a report: whoever may read less of it must not see from the folding where the rest is. */
export function layouts(workflow: Workflow, report: AnalysisReport): PlanLayouts {
  const lines = foldingLines(workflow);
  const pro = placed(pictureOf(workflow, report, lines));
  if (pro.nodes.every(({ kind }) => kind !== "fold")) return { pro };
  return { pro, free: placed(pictureOf(workflow, gate(report, "free", { checkoutUrl: "" }), lines)) };
}

/**
 * Coordinates of a workflow's picture: triggers on top, each step below the one that leads to it, branches side by side in
 * their order, what nothing leads to at the right. A HighLevel workflow is a tree with jumps, so the tree is laid out
 * (d3-hierarchy, linear time) and everything else is a line drawn over it. Above 500 steps what lies further than a few
 * steps from every issue of the report is folded, one box for each stretch.
 */
export function layout(workflow: Workflow, report: AnalysisReport): Layout {
  return placed(pictureOf(workflow, report, foldingLines(workflow)));
}

function placed(picture: Picture): Layout {
  const places = place(picture);
  const nodes = picture.boxes.map(({ words }, index): LayoutNode => {
    const { x, y } = places[index] ?? { x: 0, y: 0 };
    return { ...words, x: Math.round(x + MARGIN), y: Math.round(y + MARGIN) };
  });
  let width = 0;
  let height = 0;
  for (const { x, y } of nodes) {
    width = Math.max(width, x + BOX.width);
    height = Math.max(height, y + BOX.height);
  }
  return {
    version: 1,
    width: width + MARGIN + RIGHT_LANE,
    height: height + MARGIN,
    box: BOX,
    nodes,
    edges: picture.edges,
    foldedSteps: picture.foldedSteps,
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Trees side by side from the second row on; triggers in the first row, centred above what they start. */
function place({ boxes, trees }: Picture): readonly Point[] {
  const points: Point[] = boxes.map(() => ({ x: 0, y: 0 }));
  const arrange = tree<number>()
    .nodeSize([COLUMN, ROW])
    .separation(() => 1);
  let left = 0;
  for (const { root, triggers } of trees) {
    const nodes = root === END ? [] : arrange(hierarchy(root, (box) => boxes[box]?.children)).descendants();
    const centre = (triggers.length - 1) / 2;
    let least = -centre * COLUMN;
    let most = triggers.length === 0 ? 0 : centre * COLUMN;
    for (const { x } of nodes) {
      least = Math.min(least, x);
      most = Math.max(most, x);
    }
    for (const { data, x, y } of nodes) points[data] = { x: x - least + left, y: y + ROW };
    triggers.forEach((box, index) => {
      points[box] = { x: (index - centre) * COLUMN - least + left, y: 0 };
    });
    left += most - least + COLUMN;
  }
  return points;
}

const MAP_BOX = { width: 208, height: 64 };
const MAP_COLUMN = 240;
const MAP_ROW = 124;
/** Trees stand side by side up to here, then in the next band. */
const MAP_WIDTH = 1_480;

/** The maps to store with an audit. The free one is drawn from what the free plan reads. */
export function locationLayouts(report: LocationReport): LocationLayouts {
  return { pro: locationLayout(report), free: locationLayout(gateLocation(report, "free", { checkoutUrl: "" })) };
}

/**
 * Coordinates of a location's map: what a workflow starts stands below it, as a tree (d3-hierarchy, linear time) for each that nobody
 * starts; everything else is a line drawn over them. Above 60 workflows only those around findings are drawn.
 */
export function locationLayout(report: Pick<LocationReport, "map" | "issues">): LocationLayout {
  const { nodes, edges, children, roots, folded } = locationPictureOf(report);
  const points: Point[] = nodes.map(() => ({ x: 0, y: 0 }));
  const arrange = tree<number>()
    .nodeSize([MAP_COLUMN, MAP_ROW])
    .separation(() => 1);
  let left = 0;
  let top = 0;
  let bottom = 0;
  let width = 0;
  for (const root of roots) {
    const placedNodes = arrange(hierarchy(root, (node) => children[node])).descendants();
    const least = Math.min(...placedNodes.map(({ x }) => x));
    const span = Math.max(...placedNodes.map(({ x }) => x)) - least + MAP_COLUMN;
    if (left > 0 && left + span > MAP_WIDTH) {
      left = 0;
      top = bottom;
    }
    for (const { data, x, y } of placedNodes) {
      points[data] = { x: x - least + left, y: y + top };
      bottom = Math.max(bottom, y + top + MAP_ROW);
    }
    left += span;
    width = Math.max(width, left);
  }
  return {
    version: 1,
    width: Math.max(width, MAP_COLUMN) + 2 * MARGIN,
    height: bottom + 2 * MARGIN,
    box: MAP_BOX,
    nodes: nodes.map((node, index): MapNode => {
      const { x, y } = points[index] ?? { x: 0, y: 0 };
      return { ...node, x: Math.round(x + MARGIN), y: Math.round(y + MARGIN) };
    }),
    edges,
    folded,
  };
}
