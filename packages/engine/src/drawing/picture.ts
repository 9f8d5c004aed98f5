import { END, type Trigger, type Workflow } from "../model/workflow.ts";
import { int32s } from "../number-arrays.ts";
import type { AnalysisReport } from "../report/types.ts";
import { counted } from "../words.ts";
import { describeStep, describeTrigger } from "./description.ts";
import { DRAWN, foldAround, type Lines, linesOf } from "./folding.ts";
import type { LayoutEdge, LayoutNode } from "./types.ts";
import { type Way, waysOut } from "./ways.ts";
import { firstWords } from "./words.ts";

/** Above this many steps only the neighbourhood of each fault is drawn. */
const DRAWN_WHOLE = 500;
/** Triggers drawn one by one. */
const MOST_TRIGGERS = 24;

export interface Box {
  readonly words: Omit<LayoutNode, "x" | "y">;
  /** Boxes below it in the tree. */
  readonly children: number[];
}

/** What is drawn, before it has its place. */
export interface Picture {
  readonly boxes: readonly Box[];
  readonly edges: readonly LayoutEdge[];
  /** Trees of steps, each with the triggers that stand above it. */
  readonly trees: readonly { readonly root: number; readonly triggers: readonly number[] }[];
  readonly foldedSteps: number;
}

/** The lines to fold along, or null for a workflow that is drawn whole. */
export function foldingLines(workflow: Workflow): Lines | null {
  return workflow.steps.length > DRAWN_WHOLE ? linesOf(workflow) : null;
}

/** Boxes, lines and the trees they make. Given `foldingLines`, only what is near an issue of the report has a box of its own. */
export function pictureOf(workflow: Workflow, report: AnalysisReport, folding: Lines | null): Picture {
  const boxes: Box[] = [];
  const lines = new Map<string, { edge: LayoutEdge; labels: string[] }>();
  const trees: { readonly root: number; readonly triggers: number[] }[] = [];
  const entries = entriesOf(workflow);
  const fold =
    folding === null
      ? null
      : foldAround(folding, [...stepsAtFault(workflow, report), ...entries.slice(0, MOST_TRIGGERS)]);
  /** Box of a step, or of the fold that holds it; and the tree that a box stands in. */
  const boxOf = int32s(workflow.steps.length).fill(END);
  const treeOf: number[] = [];

  const add = (words: Box["words"], treeIndex: number): number => {
    boxes.push({ words, children: [] });
    treeOf.push(treeIndex);
    return boxes.length - 1;
  };

  /** Draws a step, or the fold that holds it; answers the steps whose ways out leave the box. */
  const draw = (step: number, treeIndex: number): readonly number[] => {
    const members = fold?.members[fold.foldOf[step] ?? DRAWN];
    if (members !== undefined) {
      const title = counted(members.length, "more step");
      const box = add({ id: "", kind: "fold", title, detail: "Not drawn one by one" }, treeIndex);
      for (const member of members) boxOf[member] = box;
      return members;
    }
    const drawn = workflow.steps[step];
    if (drawn !== undefined) boxOf[step] = add(describeStep(drawn, workflow), treeIndex);
    return [step];
  };

  /** One line for all ways between two boxes. */
  const connect = (from: number, to: number, { label, jump }: Pick<Way, "label" | "jump">, placed: boolean): void => {
    const key = `${from} ${to}`;
    const known = lines.get(key);
    if (known === undefined) {
      lines.set(key, { edge: { from, to, kind: jump ? "jump" : placed ? "next" : "join" }, labels: [label] });
    } else if (!known.labels.includes(label) && known.labels.length < 100) known.labels.push(label);
  };

  /** Depth first, without recursion: a step's first arrival makes it a child there; later ones are lines only. */
  const grow = (first: number): void => {
    const treeIndex = trees.length;
    const stack: { readonly way: Way; readonly from: number }[] = [
      { way: { target: first, label: "", jump: false }, from: END },
    ];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      const { way, from } = item;
      const known = boxOf[way.target] ?? END;
      if (known !== END) {
        if (from !== END) connect(from, known, way, false);
        continue;
      }
      const members = draw(way.target, treeIndex);
      const box = boxOf[way.target] ?? END;
      if (from === END) trees.push({ root: box, triggers: [] });
      else {
        boxes[from]?.children.push(box);
        connect(from, box, way, true);
      }
      for (let index = members.length - 1; index >= 0; index--) {
        const ways = waysOut(workflow, members[index] ?? END);
        for (const next of ways.reverse()) {
          // Inside a fold nothing is drawn; a step that leads to itself is.
          if (members.length === 1 || boxOf[next.target] !== box) stack.push({ way: next, from: box });
        }
      }
    }
  };

  for (const entry of entries) if (boxOf[entry] === END) grow(entry);
  for (let step = 0; step < workflow.steps.length; step++) if (boxOf[step] === END) grow(step);

  for (const { words, target } of triggersDrawn(workflow.triggers ?? [], report)) {
    const below = target === END ? END : (boxOf[target] ?? END);
    const treeIndex = below === END ? 0 : (treeOf[below] ?? 0);
    const box = add(words, treeIndex);
    trees[treeIndex]?.triggers.push(box);
    if (trees.length === 0) trees.push({ root: END, triggers: [box] });
    if (below !== END) lines.set(`${box} ${below}`, { edge: { from: box, to: below, kind: "trigger" }, labels: [] });
  }
  const edges = [...lines.values()].map(({ edge, labels }) => ({ ...edge, ...labelled(labels) }));
  let foldedSteps = 0;
  for (const stretch of fold?.members ?? []) foldedSteps += stretch.length;
  return { boxes, edges, trees, foldedSteps };
}

function labelled(labels: readonly string[]): Pick<LayoutEdge, "label"> {
  const [first = "", ...more] = labels.filter((label) => label.trim() !== "");
  const label = more.length === 0 ? first : `${first} and ${more.length} more`;
  return label === "" ? {} : { label: firstWords(label) };
}

/** First steps of the triggers and of the workflow, each once, in order. */
function entriesOf({ triggers, entry }: Workflow): readonly number[] {
  const targets = [...(triggers ?? []).map(({ target }) => target), entry];
  return [...new Set(targets)].filter((target) => target !== END);
}

/** In report order. */
function stepsAtFault(workflow: Workflow, report: AnalysisReport): readonly number[] {
  const indexOf = new Map<string, number>();
  for (const { id, index } of workflow.steps) if (!indexOf.has(id)) indexOf.set(id, index);
  const steps = new Set<number>();
  for (const { steps: named } of report.issues) {
    for (const { id } of named) {
      const index = indexOf.get(id);
      if (index !== undefined) steps.add(index);
    }
  }
  return [...steps];
}

interface DrawnTrigger {
  readonly words: Box["words"];
  readonly target: number;
}

/** The triggers one by one; of very many those that an issue names or starts from first, and a box for the rest. */
function triggersDrawn(triggers: readonly Trigger[], report: AnalysisReport): readonly DrawnTrigger[] {
  const drawn = triggers.map((trigger) => ({ trigger, words: describeTrigger(trigger), target: trigger.target }));
  if (triggers.length <= MOST_TRIGGERS) return drawn;
  const named = new Set<string>();
  for (const { steps, path } of report.issues) {
    for (const { id } of steps) named.add(id);
    const [start] = path;
    if (start !== undefined && "stepId" in start) named.add(start.stepId);
  }
  const [first, rest] = [true, false].map((is) => drawn.filter(({ trigger }) => named.has(trigger.id) === is));
  const shown = [...(first ?? []), ...(rest ?? [])].slice(0, MOST_TRIGGERS);
  const title = counted(triggers.length - shown.length, "more trigger");
  return [...shown, { words: { id: "", kind: "fold", title, detail: "Not drawn one by one" }, target: END }];
}
