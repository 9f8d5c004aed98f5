/**
 * HighLevel builder documents: a flat list of nodes linked by `next`. A branch of an If/Else, router or multi-path step is a node of
 * its own there; when only its owner points at it, it is folded into the owner as a `Branch`. A branch node that something else
 * points at as well, or that no owner lists, stays a step, so that nothing in the document gets lost.
 */
import { isRecord, listOf, recordOf, textOf } from "../model/attributes.ts";
import { type Attributes, type Branch, type BranchKind, END, type Step } from "../model/workflow.ts";
import { transitionKind } from "./branch-kinds.ts";
import { kindOf, type Problems } from "./format-error.ts";
import { jumpTarget, makeStep, NO_BRANCHES } from "./make-step.ts";
import { attributesOf, checkStep, nextIds } from "./raw-step.ts";
import { type StepIndex, tabulate } from "./step-index.ts";
import type { StepsRead } from "./steps-read.ts";

const NOT_FOLDED = -1;

interface Nodes {
  readonly raws: readonly Attributes[];
  readonly next: readonly (string | readonly string[])[];
  readonly positionOf: ReadonlyMap<string, number>;
  /** Per node: the step index, or END for a node folded into its owner. */
  readonly stepAt: Int32Array;
}

/** Reads the list of nodes. `entryTargets` are ids that triggers name: such a node is never folded. */
export function readBuilderSteps(
  list: readonly unknown[],
  pointer: string,
  workflowId: string | null,
  entryTargets: readonly string[],
  problems: Problems,
): StepsRead {
  const raws: Attributes[] = [];
  const ids: string[] = [];
  const next: (string | readonly string[])[] = [];
  for (let at = 0; at < list.length; at++) {
    const place = () => `${pointer}/${at}`;
    const raw = checkStep(list[at], place, problems);
    if (raw === null) continue;
    raws.push(raw);
    ids.push(textOf(raw["id"]));
    next.push(nextIds(raw, place, problems));
    const attributes = raw["attributes"];
    if (attributes !== undefined && attributes !== null && !isRecord(attributes)) {
      problems.add(`${place()}/attributes`, "WRONG_TYPE", `attributes should be an object, not ${kindOf(attributes)}.`);
    }
  }
  problems.throwIfAny();
  const { positionOf, duplicates } = tabulate(ids);
  const stepAt = numberSteps(raws, next, positionOf, entryTargets);
  const nodes: Nodes = { raws, next, positionOf, stepAt };
  const bodies = loopBodies(nodes);
  const steps: Step[] = [];
  for (let at = 0; at < raws.length; at++) {
    if (stepAt[at] !== END) steps.push(readStep(nodes, at, pointer, workflowId, bodies));
  }
  const index: StepIndex = {
    stepOf: (id) => {
      const at = positionOf.get(id);
      return at === undefined ? END : (stepAt[at] ?? END);
    },
    entry: steps.length === 0 ? END : 0,
  };
  return { steps, index, duplicateIds: duplicates };
}

function isBranchNode(raw: Attributes): boolean {
  if (raw["type"] === "transition") return true;
  const nodeType = raw["nodeType"];
  return nodeType === "branch-yes" || nodeType === "branch-no";
}

/** Gives every node that stays a step its dense index, and END to branch nodes that only their owner points at. */
function numberSteps(
  raws: readonly Attributes[],
  next: readonly (string | readonly string[])[],
  positionOf: ReadonlyMap<string, number>,
  entryTargets: readonly string[],
): Int32Array {
  const size = raws.length;
  const references = new Int32Array(size);
  const owner = new Int32Array(size).fill(NOT_FOLDED);
  const refer = (id: string, from: number) => {
    const to = positionOf.get(id);
    if (to === undefined) return;
    references[to] = (references[to] ?? 0) + 1;
    if (from !== NOT_FOLDED) owner[to] = from;
  };
  for (let at = 0; at < size; at++) {
    const raw = raws[at] as Attributes;
    const ids = next[at] as string | readonly string[];
    // A branch node never owns another one directly: chains of them stay steps.
    const from = isBranchNode(raw) ? NOT_FOLDED : at;
    if (typeof ids === "string") {
      if (ids !== "") refer(ids, from);
    } else {
      for (const id of ids) refer(id, from);
    }
    if (raw["type"] === "goto" || raw["type"] === "wait") {
      const jump = jumpTarget(raw["type"], attributesOf(raw));
      if (jump !== "") refer(jump, NOT_FOLDED);
    }
  }
  for (const id of entryTargets) refer(id, NOT_FOLDED);
  const stepAt = new Int32Array(size);
  let count = 0;
  for (let at = 0; at < size; at++) {
    const raw = raws[at] as Attributes;
    const folds =
      at > 0 &&
      references[at] === 1 &&
      owner[at] !== NOT_FOLDED &&
      isBranchNode(raw) &&
      positionOf.get(textOf(raw["id"])) === at &&
      (typeof next[at] === "string" || (next[at] as readonly string[]).length <= 1);
    stepAt[at] = folds ? END : count++;
  }
  return stepAt;
}

function single(ids: string | readonly string[]): string {
  return typeof ids === "string" ? ids : (ids[0] ?? "");
}

function stepOf(nodes: Nodes, id: string): number {
  const at = nodes.positionOf.get(id);
  return at === undefined ? END : (nodes.stepAt[at] ?? END);
}

function missingOf(nodes: Nodes, id: string): string | null {
  return id === "" || nodes.positionOf.has(id) ? null : id;
}

function readStep(
  nodes: Nodes,
  at: number,
  list: string,
  workflowId: string | null,
  bodies: ReadonlyMap<string, number> | null,
): Step {
  const raw = nodes.raws[at] as Attributes;
  const ids = nodes.next[at] as string | readonly string[];
  const attributes = attributesOf(raw);
  const type = raw["type"] as string;
  const jump = type === "goto" || type === "wait" ? jumpTarget(type, attributes) : "";
  let branches = NO_BRANCHES;
  let follows = "";
  if (typeof ids === "string") {
    const child = ids === "" ? undefined : nodes.positionOf.get(ids);
    if (child !== undefined && nodes.stepAt[child] === END) branches = readBranches(nodes, at, [ids], type, list);
    else follows = ids;
  } else if (ids.length > 1 || isContainer(nodes, ids, raw)) {
    branches = readBranches(nodes, at, ids, type, list);
  } else {
    follows = single(ids);
  }
  if (type === "loop" && bodies !== null) branches = withBody(branches, bodies.get(textOf(raw["id"])), list, at);
  return makeStep(
    {
      index: nodes.stepAt[at] as number,
      type,
      attributes,
      raw,
      next: follows === "" ? END : stepOf(nodes, follows),
      missing: missingOf(nodes, follows),
      jump: jump === "" ? END : stepOf(nodes, jump),
      missingJump: missingOf(nodes, jump),
      branches,
      list,
      position: at,
    },
    workflowId,
  );
}

function isContainer(nodes: Nodes, ids: readonly string[], raw: Attributes): boolean {
  if (raw["nodeType"] === "condition-node") return true;
  const child = ids.length === 0 ? undefined : nodes.positionOf.get(ids[0] as string);
  return child !== undefined && nodes.stepAt[child] === END;
}

/** The ways of a container, in the order of its `next`, then those it defines and does not list. */
function readBranches(nodes: Nodes, at: number, ids: readonly string[], type: string, list: string): readonly Branch[] {
  const raw = nodes.raws[at] as Attributes;
  const attributes = attributesOf(raw);
  const definitions = listOf(attributes["branches"]).map(recordOf);
  const transitions = listOf(attributes["transitions"]).map(recordOf);
  const definitionOf = byId(definitions);
  const transitionOf = byId(transitions);
  const listedById = ids.some((id) => definitionOf.has(id));
  const branches: Branch[] = [];
  ids.forEach((id, order) => {
    const child = nodes.positionOf.get(id);
    const folded = child !== undefined && nodes.stepAt[child] === END;
    const node = child === undefined ? recordOf(null) : (nodes.raws[child] as Attributes);
    const transition = transitionOf.get(id);
    const definition = definitionOf.get(id) ?? (listedById ? undefined : definitions[order]);
    const isBranch = child !== undefined && isBranchNode(node);
    const kind = kindOfBranch(type, node, isBranch, transition, definition, order, definitions.length);
    const first = folded ? single(nodes.next[child] as string | readonly string[]) : id;
    branches.push({
      id: isBranch || child === undefined ? id : null,
      name:
        textOf(isBranch ? node["name"] : undefined) ||
        textOf((transition ?? definition)?.["name"]) ||
        labelOf(kind),
      kind,
      target: first === "" ? END : stepOf(nodes, first),
      missing: missingOf(nodes, first),
      condition: kind === "none" ? null : conditionOf(raw, node, isBranch, definition),
      list,
      position: folded ? child : at,
    });
  });
  if (listedById) {
    const listed = new Set(ids);
    for (const definition of definitions) {
      const id = textOf(definition["id"]);
      if (id !== "" && !listed.has(id)) branches.push(unlisted(definition, id, list, at));
    }
  }
  return branches;
}

/** A branch that the step defines and its `next` misses: a contact who takes it ends here. */
function unlisted(definition: Attributes, id: string, list: string, position: number): Branch {
  const name = textOf(definition["name"]) || "Branch";
  return { id, name, kind: "condition", target: END, missing: null, condition: definition, list, position };
}

function byId(records: readonly Attributes[]): ReadonlyMap<string, Attributes> {
  const map = new Map<string, Attributes>();
  for (const record of records) {
    const id = textOf(record["id"]);
    if (id !== "") map.set(id, record);
  }
  return map;
}

function kindOfBranch(
  type: string,
  node: Attributes,
  isBranch: boolean,
  transition: Attributes | undefined,
  definition: Attributes | undefined,
  order: number,
  defined: number,
): BranchKind {
  const nodeType = isBranch ? node["nodeType"] : undefined;
  if (type === "router") return "lane";
  if (nodeType === "branch-no" || recordOf(isBranch ? node["attributes"] : null)["else"] === true) return "none";
  if (nodeType === "branch-yes") return "condition";
  if (type === "if_else") return definition === undefined && order >= defined && order > 0 ? "none" : "condition";
  return transitionKind(type, transition ?? recordOf(null), isBranch ? node : recordOf(null));
}

/** Conditions stand in the container's `branches` (current) or in `segments` of the branch or container (legacy). */
function conditionOf(
  raw: Attributes,
  node: Attributes,
  isBranch: boolean,
  definition: Attributes | undefined,
): Attributes | null {
  if (definition !== undefined) return definition;
  if (isBranch && Array.isArray(attributesOf(node)["segments"])) return attributesOf(node);
  const own = attributesOf(raw);
  return Array.isArray(own["segments"]) ? own : null;
}

function labelOf(kind: BranchKind): string {
  switch (kind) {
    case "none":
      return "None";
    case "timeout":
      return "Timeout";
    case "event":
      return "Event";
    case "found":
      return "Found";
    case "not-found":
      return "Not found";
    default:
      return "Branch";
  }
}

/** First body step of each loop, by the loop's id: the body step that no other step leads to. null when there are no loops. */
function loopBodies(nodes: Nodes): ReadonlyMap<string, number> | null {
  let bodies: Map<string, number> | null = null;
  for (let at = 0; at < nodes.raws.length; at++) {
    const container = (nodes.raws[at] as Attributes)["parentContainerId"];
    if (typeof container !== "string" || container === "" || nodes.stepAt[at] === END) continue;
    bodies ??= new Map();
    // The body is stored in order, so its first step is the one met first.
    if (!bodies.has(container)) bodies.set(container, nodes.stepAt[at] as number);
  }
  return bodies;
}

function withBody(
  branches: readonly Branch[],
  body: number | undefined,
  list: string,
  position: number,
): readonly Branch[] {
  if (body === undefined || branches.some((branch) => branch.target === body)) return branches;
  const way: Branch = {
    id: null,
    name: "Each item",
    kind: "body",
    target: body,
    missing: null,
    condition: null,
    list,
    position,
  };
  return [...branches, way];
}
