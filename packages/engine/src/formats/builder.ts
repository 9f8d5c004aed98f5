/**
 * HighLevel builder documents: a flat list of nodes linked by `next`. A branch of an If/Else, router or multi-path step is a node of
 * its own there; when only its owner points at it, it is folded into the owner as a `Branch`. A branch node that something else
 * points at as well, or that no owner lists, stays a step, so that nothing in the document gets lost.
 */
import { EMPTY, idOf, isRecord, listOf, nameOf, recordOf, textOf } from "../model/attributes.ts";
import { type Attributes, type Branch, type BranchKind, END, type Step } from "../model/workflow.ts";
import { transitionKind } from "./branch-kinds.ts";
import { kindOf, type Problems } from "./format-error.ts";
import { jumpTarget, makeStep, NO_BRANCHES } from "./make-step.ts";
import { attributesOf, checkStep, nextIds } from "./raw-step.ts";
import { type StepIndex, tabulate } from "./step-index.ts";
import type { StepsRead } from "./steps-read.ts";

/** A position in the list of nodes that is none: nothing named, or an id that the document does not hold. */
const NOWHERE = -1;
const MISSING = -2;

interface Nodes {
  readonly raws: readonly Attributes[];
  readonly next: readonly (string | readonly string[])[];
  readonly positionOf: ReadonlyMap<string, number>;
  /** Position that a single `next` names, NOWHERE or MISSING; NOWHERE for a list of several. */
  readonly follows: Int32Array;
  readonly isBranch: Uint8Array;
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
  let holdsLoop = false;
  for (let at = 0; at < list.length; at++) {
    const raw = checkStep(list[at], pointer, at, problems);
    if (raw === null) continue;
    raws.push(raw);
    ids.push(textOf(raw["id"]));
    next.push(nextIds(raw, pointer, at, problems));
    if (raw["type"] === "loop") holdsLoop = true;
    const { attributes } = raw;
    if (attributes !== undefined && attributes !== null && !isRecord(attributes)) {
      const kind = kindOf(attributes);
      problems.add(`${pointer}/${at}/attributes`, "WRONG_TYPE", `attributes should be an object, not ${kind}.`);
    }
  }
  problems.throwIfAny();
  const { positionOf, duplicates } = tabulate(ids);
  const isBranch = new Uint8Array(raws.length);
  for (let at = 0; at < raws.length; at++) isBranch[at] = isBranchNode(raws[at] as Attributes) ? 1 : 0;
  const follows = new Int32Array(raws.length).fill(NOWHERE);
  const stepAt = new Int32Array(raws.length);
  const nodes: Nodes = { raws, next, positionOf, follows, isBranch, stepAt };
  numberSteps(nodes, ids, entryTargets);
  const bodies = holdsLoop ? loopBodies(nodes) : null;
  const steps: Step[] = [];
  for (let at = 0; at < raws.length; at++) {
    if (stepAt[at] !== END) steps.push(readStep(nodes, at, pointer, workflowId, bodies));
  }
  const index: StepIndex = { stepOf: (id) => stepOf(nodes, id), entry: steps.length === 0 ? END : 0 };
  return { steps, index, duplicateIds: duplicates };
}

/** Only If/Else and router nodes have a `nodeType`; the branches of all other steps are transitions. */
function isBranchNode(raw: Attributes): boolean {
  const { type } = raw;
  if (type !== "if_else" && type !== "router") return type === "transition";
  const { nodeType } = raw;
  return nodeType === "branch-yes" || nodeType === "branch-no";
}

/** Gives every node that stays a step its dense index, and END to branch nodes that only their owner points at. */
function numberSteps(nodes: Nodes, ids: readonly string[], entryTargets: readonly string[]): void {
  const { raws, next, positionOf, follows, isBranch, stepAt } = nodes;
  const size = raws.length;
  const references = new Int32Array(size);
  const owned = new Uint8Array(size);
  const refer = (id: string, owns: boolean): number => {
    const to = positionOf.get(id);
    if (to === undefined) return MISSING;
    references[to] = (references[to] as number) + 1;
    if (owns) owned[to] = 1;
    return to;
  };
  for (let at = 0; at < size; at++) {
    const named = next[at] as string | readonly string[];
    // A branch node never owns another one directly: chains of them stay steps.
    const owns = isBranch[at] === 0;
    if (typeof named === "string") {
      if (named !== "") follows[at] = refer(named, owns);
    } else if (named.length === 1) follows[at] = refer(named[0] as string, owns);
    else for (const id of named) refer(id, owns);
    const raw = raws[at] as Attributes;
    const { type } = raw;
    if (type !== "goto" && type !== "wait") continue;
    const jump = jumpTarget(type, attributesOf(raw));
    if (jump !== "") refer(jump, false);
  }
  for (const id of entryTargets) refer(id, false);
  let count = 0;
  for (let at = 0; at < size; at++) {
    const several = typeof next[at] !== "string" && (next[at] as readonly string[]).length > 1;
    const folds =
      isBranch[at] === 1 &&
      at > 0 &&
      references[at] === 1 &&
      owned[at] === 1 &&
      !several &&
      positionOf.get(ids[at] as string) === at;
    stepAt[at] = folds ? END : count++;
  }
}

function single(ids: string | readonly string[]): string {
  return typeof ids === "string" ? ids : (ids[0] ?? "");
}

function stepOf(nodes: Nodes, id: string): number {
  const at = id === "" ? undefined : nodes.positionOf.get(id);
  return at === undefined ? END : (nodes.stepAt[at] as number);
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
  const attributes = attributesOf(raw);
  const type = raw["type"] as string;
  const jump = type === "goto" || type === "wait" ? jumpTarget(type, attributes) : "";
  const to = nodes.follows[at] as number;
  const leadsToBranch = to >= 0 && nodes.stepAt[to] === END;
  const ids = nodes.next[at] as string | readonly string[];
  const container = leadsToBranch || (typeof ids !== "string" && (ids.length > 1 || isContainer(raw)));
  let branches = NO_BRANCHES;
  if (container) branches = readBranches(nodes, at, typeof ids === "string" ? [ids] : ids, type, list);
  if (type === "loop" && bodies !== null) branches = withBody(branches, bodies.get(textOf(raw["id"])), list, at);
  return makeStep(
    {
      index: nodes.stepAt[at] as number,
      type,
      attributes,
      raw,
      next: container || to < 0 ? END : (nodes.stepAt[to] as number),
      missing: !container && to === MISSING ? single(ids) : null,
      jump: jump === "" ? END : stepOf(nodes, jump),
      missingJump: jump === "" ? null : missingOf(nodes, jump),
      branches,
      list,
      position: at,
    },
    workflowId,
  );
}

function isContainer(raw: Attributes): boolean {
  return raw["nodeType"] === "condition-node";
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
    const node = child === undefined ? EMPTY : (nodes.raws[child] as Attributes);
    const transition = transitionOf.get(id);
    const definition = definitionOf.get(id) ?? (listedById ? undefined : definitions[order]);
    const isBranch = child !== undefined && nodes.isBranch[child] === 1;
    const kind = kindOfBranch(type, node, isBranch, transition, definition, order, definitions.length);
    const first = folded ? single(nodes.next[child] as string | readonly string[]) : id;
    branches.push({
      id: isBranch || child === undefined ? idOf(id) : null,
      name:
        nameOf(isBranch ? node["name"] : undefined) || nameOf((transition ?? definition)?.["name"]) || labelOf(kind),
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
  const name = nameOf(definition["name"]) || "Branch";
  return { id: idOf(id), name, kind: "condition", target: END, missing: null, condition: definition, list, position };
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
  return transitionKind(type, transition ?? EMPTY, isBranch ? node : EMPTY);
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
  const ledTo = new Set<string>();
  for (const named of nodes.next) for (const id of typeof named === "string" ? [named] : named) ledTo.add(id);
  const bodies = new Map<string, number>();
  const certain = new Set<string>();
  for (let at = 0; at < nodes.raws.length; at++) {
    const raw = nodes.raws[at] as Attributes;
    const container = raw["parentContainerId"];
    if (typeof container !== "string" || container === "" || nodes.stepAt[at] === END) continue;
    const isHead = !ledTo.has(textOf(raw["id"]));
    // A body that is a circle has no head; then the step met first stands for it.
    if (certain.has(container) || (bodies.has(container) && !isHead)) continue;
    bodies.set(container, nodes.stepAt[at] as number);
    if (isHead) certain.add(container);
  }
  return bodies.size === 0 ? null : bodies;
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
