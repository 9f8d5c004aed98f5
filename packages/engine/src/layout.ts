import { type HierarchyPointNode, hierarchy, tree } from "d3-hierarchy";
import { describeStep, describeTrigger } from "./drawing/description.ts";
import { foldAround } from "./drawing/folding.ts";
import type { Layout, LayoutEdge, LayoutNode } from "./drawing/types.ts";
import { waysOut } from "./drawing/ways.ts";
import { END, type Workflow } from "./model/workflow.ts";
import type { AnalysisReport } from "./report/types.ts";

const WIDTH = 236;
const HEIGHT = 66;
const COLUMN = 276;
const ROW = 116;
const MARGIN = 40;

/** Above this many steps only the neighbourhood of each fault is drawn. */
const DRAWN_WHOLE = 500;

interface Box {
  readonly node: Omit<LayoutNode, "x" | "y" | "width" | "height">;
  readonly children: number[];
}

/**
 * Coordinates of a workflow's picture: triggers on top, each step below the one that leads to it, branches side by side in
 * their order, what nothing leads to at the right. A HighLevel workflow is a tree with jumps, so the tree is laid out
 * (d3-hierarchy, linear time) and everything else is a line drawn over it. Above 500 steps what lies further than a few
 * steps from every fault is folded into one box per stretch.
 */
export function layout(workflow: Workflow, report: AnalysisReport): Layout {
  const { boxes, edges, roots, foldedSteps } = collect(workflow, report);
  const places = place(boxes, roots);
  const left = Math.min(0, ...places.map(({ x }) => x));
  const nodes = boxes.map(({ node }, index): LayoutNode => {
    const { x, y } = places[index] ?? { x: 0, y: 0 };
    return { ...node, x: Math.round(x - left + MARGIN), y: Math.round(y + MARGIN), width: WIDTH, height: HEIGHT };
  });
  let width = 0;
  let height = 0;
  for (const node of nodes) {
    width = Math.max(width, node.x + node.width);
    height = Math.max(height, node.y + node.height);
  }
  return { version: 1, width: width + MARGIN + 30, height: height + MARGIN, nodes, edges, foldedSteps };
}

function collect(workflow: Workflow, report: AnalysisReport) {
  const boxes: Box[] = [];
  const edges: LayoutEdge[] = [];
  const roots: number[] = [];
  const fold = workflow.steps.length > DRAWN_WHOLE ? foldAround(workflow, report) : null;
  /** Box of a step, or of the fold that holds it; -1 until it is drawn. */
  const boxOf = new Int32Array(workflow.steps.length).fill(-1);
  let foldedSteps = 0;

  const draw = (step: number): number => {
    const folded = fold?.stretchOf(step) ?? null;
    const box = boxes.length;
    if (folded === null) {
      const drawn = workflow.steps[step];
      if (drawn === undefined) return END;
      boxes.push({ node: describeStep(drawn), children: [] });
      boxOf[step] = box;
    } else {
      foldedSteps += folded.length;
      const title = folded.length === 1 ? "1 step folded" : `${folded.length} steps folded`;
      boxes.push({ node: { id: "", kind: "fold", title, detail: "No fault near here." }, children: [] });
      for (const member of folded) boxOf[member] = box;
    }
    return box;
  };

  /** Depth first, without recursion: a step's first arrival makes it a child there, later ones are jumps. */
  const grow = (first: number): void => {
    const stack: { readonly step: number; readonly from: number; readonly label: string; readonly jump: boolean }[] = [
      { step: first, from: -1, label: "", jump: false },
    ];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      const known = boxOf[item.step] ?? -1;
      const parent = item.from < 0 ? undefined : boxes[item.from];
      if (known >= 0) {
        if (parent !== undefined && known !== item.from) edges.push(edge(item.from, known, item.label, "jump"));
        continue;
      }
      const box = draw(item.step);
      if (box < 0) continue;
      if (parent === undefined) roots.push(box);
      else {
        parent.children.push(box);
        edges.push(edge(item.from, box, item.label, item.jump ? "jump" : "next"));
      }
      const members = fold?.stretchOf(item.step) ?? [item.step];
      const ways = members.flatMap((member) => waysOut(workflow, member));
      for (const way of ways.reverse()) {
        stack.push({ step: way.target, from: box, label: way.label, jump: way.jump });
      }
    }
  };

  const triggers = workflow.triggers ?? [];
  const entries = new Set<number>();
  for (const trigger of triggers) if (trigger.target !== END) entries.add(trigger.target);
  if (workflow.entry !== END) entries.add(workflow.entry);
  for (const entry of entries) if ((boxOf[entry] ?? -1) < 0) grow(entry);
  for (let step = 0; step < workflow.steps.length; step++) if ((boxOf[step] ?? -1) < 0) grow(step);

  for (const trigger of triggers) {
    const box = boxes.length;
    boxes.push({ node: describeTrigger(trigger), children: [] });
    const target = trigger.target === END ? -1 : (boxOf[trigger.target] ?? -1);
    if (target >= 0) edges.push(edge(box, target, "", "trigger"));
  }
  return { boxes, edges, roots, foldedSteps };
}

function edge(from: number, to: number, label: string, kind: LayoutEdge["kind"]): LayoutEdge {
  return label === "" ? { from, to, kind } : { from, to, label, kind };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Trees side by side from the second row on; triggers above what they start, in one row. */
function place(boxes: readonly Box[], roots: readonly number[]): readonly Point[] {
  const points: Point[] = boxes.map(() => ({ x: 0, y: 0 }));
  const side = tree<number>()
    .nodeSize([COLUMN, ROW])
    .separation(() => 1);
  let left = 0;
  for (const root of roots) {
    const laid = side(hierarchy(root, (box) => boxes[box]?.children));
    const nodes: HierarchyPointNode<number>[] = [];
    laid.each((node) => {
      nodes.push(node);
    });
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (const { x } of nodes) {
      least = Math.min(least, x);
      most = Math.max(most, x);
    }
    for (const { data, x, y } of nodes) points[data] = { x: x - least + left, y: y + ROW };
    left += most - least + COLUMN;
  }
  const triggers = boxes.flatMap(({ node }, index) => (node.kind === "trigger" ? [index] : []));
  const anchor = points[roots[0] ?? -1]?.x ?? 0;
  triggers.forEach((box, index) => {
    points[box] = { x: anchor + (index - (triggers.length - 1) / 2) * COLUMN, y: 0 };
  });
  return points;
}
