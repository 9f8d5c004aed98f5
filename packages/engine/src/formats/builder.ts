/**
 * HighLevel builder documents: a flat list of nodes linked by `next`. A branch of an If/Else, router or multi-path step is a node of
 * its own there; when only its owner points at it, it is folded into the owner as a `Branch`. A branch node that something else
 * points at as well, or that no owner lists, stays a step, so that nothing in the document gets lost.
 */

import { EMPTY, idOf, isRecord, listOf, nameOf, recordOf, textOf } from "../model/attributes.ts";
import { type Attributes, type Branch, type BranchKind, END, type Step } from "../model/workflow.ts";
import { int32s } from "../number-arrays.ts";
import { transitionKind } from "./branch-kinds.ts";
import { kindOf, type Problems } from "./format-error.ts";
import { jumpTarget, makeStep, NO_BRANCHES, type StepParts } from "./make-step.ts";
import { attributesOf, checkStep, nextIds } from "./raw-step.ts";
import { type StepIndex, tabulate } from "./step-index.ts";
import type { StepsRead } from "./steps-read.ts";

/** A position in the list of nodes that is none: nothing named, or an id that the document does not hold. */
const NOWHERE = -1;
const MISSING = -2;

type Writable<Parts> = { -readonly [Key in keyof Parts]: Parts[Key] };

interface Nodes {
  readonly raws: readonly Attributes[];
  readonly ids: readonly string[];
  readonly next: readonly (string | readonly string[])[];
  readonly positionOf: ReadonlyMap<string, number>;
  /** No id stands twice, so that a node with an id is the node that the id names. */
  readonly unique: boolean;
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
  const ids = new Array<string>(list.length);
  const next = new Array<string | readonly string[]>(list.length);
  let holdsLoop = false;
  for (let at = 0; at < list.length; at++) {
    const raw = checkStep(list[at], pointer, at, problems);
    if (raw === null) continue;
    ids[at] = textOf(raw["id"]);
    next[at] = nextIds(raw, pointer, at, problems);
    if (raw["type"] === "loop") holdsLoop = true;
    const { attributes } = raw;
    if (attributes !== undefined && attributes !== null && !isRecord(attributes)) {
      const kind = kindOf(attributes);
      problems.add(`${pointer}/${at}/attributes`, "WRONG_TYPE", `attributes should be an object, not ${kind}.`);
    }
  }
  problems.throwIfAny();
  // Every item has been checked.
  const raws = list as readonly Attributes[];
  const { positionOf, duplicates } = tabulate(ids);
  const isBranch = new Uint8Array(raws.length);
  for (let at = 0; at < raws.length; at++) isBranch[at] = isBranchNode(raws[at] as Attributes) ? 1 : 0;
  const follows = int32s(raws.length).fill(NOWHERE);
  const stepAt = int32s(raws.length);
  const unique = duplicates.length === 0;
  const nodes: Nodes = { raws, ids, next, positionOf, unique, follows, isBranch, stepAt };
  numberSteps(nodes, entryTargets);
  // The first node is never folded.
  const index: StepIndex = { stepOf: (id) => stepOf(nodes, id), entry: raws.length === 0 ? END : 0 };
  const steps = () => makeSteps(nodes, pointer, holdsLoop, workflowId);
  return { steps, index, duplicateIds: duplicates };
}

function makeSteps(nodes: Nodes, pointer: string, holdsLoop: boolean, workflowId: string | null): readonly Step[] {
  const bodies = holdsLoop ? loopBodies(nodes) : null;
  const steps: Step[] = [];
  const parts: Writable<StepParts> = {
    index: END,
    type: "",
    attributes: EMPTY,
    raw: EMPTY,
    next: END,
    missing: null,
    jump: END,
    missingJump: null,
    branches: NO_BRANCHES,
    list: pointer,
    position: 0,
  };
  for (let at = 0; at < nodes.raws.length; at++) {
    if (nodes.stepAt[at] === END) continue;
    readStep(parts, nodes, at, bodies);
    steps.push(makeStep(parts, workflowId));
  }
  return steps;
}

/** Only If/Else and router nodes have a `nodeType`; the branches of all other steps are transitions. */
function isBranchNode(raw: Attributes): boolean {
  const { type } = raw;
  if (type !== "if_else" && type !== "router") return type === "transition";
  const { nodeType } = raw;
  return nodeType === "branch-yes" || nodeType === "branch-no";
}

/** Gives every node that stays a step its dense index, and END to branch nodes that only their owner points at. */
function numberSteps(nodes: Nodes, entryTargets: readonly string[]): void {
  const { raws, ids, next, positionOf, follows, isBranch, stepAt } = nodes;
  const size = raws.length;
  const references = int32s(size);
  const owned = new Uint8Array(size);
  const refer = (id: string, guess: number, owns: boolean): number => {
    const to = positionNear(nodes, id, guess);
    if (to === MISSING) return MISSING;
    references[to] = (references[to] as number) + 1;
    if (owns) owned[to] = 1;
    return to;
  };
  for (let at = 0; at < size; at++) {
    const named = next[at] as string | readonly string[];
    // A branch node never owns another one directly: chains of them stay steps.
    const owns = isBranch[at] === 0;
    if (typeof named === "string") {
      if (named !== "") follows[at] = refer(named, at + 1, owns);
    } else if (named.length === 1) follows[at] = refer(named[0] as string, at + 1, owns);
    else for (let order = 0; order < named.length; order++) refer(named[order] as string, at + 1 + order, owns);
    const raw = raws[at] as Attributes;
    const { type } = raw;
    if (type !== "goto" && type !== "wait") continue;
    const jump = jumpTarget(type, attributesOf(raw));
    if (jump !== "") refer(jump, NOWHERE, false);
  }
  for (const id of entryTargets) refer(id, NOWHERE, false);
  let count = 0;
  for (let at = 0; at < size; at++) {
    const several = typeof next[at] !== "string" && (next[at] as readonly string[]).length > 1;
    const folds =
      isBranch[at] === 1 &&
      at > 0 &&
      references[at] === 1 &&
      owned[at] === 1 &&
      !several &&
      (nodes.unique || positionOf.get(ids[at] as string) === at);
    stepAt[at] = folds ? END : count++;
  }
}

/** The position of the node with the id, or MISSING. Documents mostly list nodes in running order, so a neighbour is asked first. */
function positionNear({ ids, positionOf, unique }: Nodes, id: string, guess: number): number {
  return unique && ids[guess] === id ? guess : (positionOf.get(id) ?? MISSING);
}

function single(ids: string | readonly string[]): string {
  return typeof ids === "string" ? ids : (ids[0] ?? "");
}

function stepOf(nodes: Nodes, id: string): number {
  const at = id === "" ? undefined : nodes.positionOf.get(id);
  return at === undefined ? END : (nodes.stepAt[at] as number);
}

/** Fills `parts`, one object for all steps, with what the node at this position says. */
function readStep(parts: Writable<StepParts>, nodes: Nodes, at: number, bodies: ReadonlyMap<string, number> | null) {
  const raw = nodes.raws[at] as Attributes;
  const attributes = attributesOf(raw);
  const type = raw["type"] as string;
  const to = nodes.follows[at] as number;
  const leadsToBranch = to >= 0 && nodes.stepAt[to] === END;
  const ids = nodes.next[at] as string | readonly string[];
  const container = leadsToBranch || (typeof ids !== "string" && (ids.length > 1 || isContainer(raw)));
  const { list } = parts;
  let branches = NO_BRANCHES;
  if (container) branches = readBranches(nodes, at, typeof ids === "string" ? [ids] : ids, type, list);
  if (type === "loop" && bodies !== null) branches = withBody(branches, bodies.get(textOf(raw["id"])), list, at);
  parts.index = nodes.stepAt[at] as number;
  parts.type = type;
  parts.attributes = attributes;
  parts.raw = raw;
  parts.next = container || to < 0 ? END : (nodes.stepAt[to] as number);
  parts.missing = !container && to === MISSING ? single(ids) : null;
  const jump = type === "goto" || type === "wait" ? jumpTarget(type, attributes) : "";
  parts.jump = stepOf(nodes, jump);
  parts.missingJump = jump === "" || nodes.positionOf.has(jump) ? null : jump;
  parts.branches = branches;
  parts.position = at;
}

function isContainer(raw: Attributes): boolean {
  return raw["nodeType"] === "condition-node";
}

/** The ways of a container, in the order of its `next`, then those it defines and does not list. */
function readBranches(nodes: Nodes, at: number, ids: readonly string[], type: string, list: string): readonly Branch[] {
  const raw = nodes.raws[at] as Attributes;
  const attributes = attributesOf(raw);
  const definitions = recordsById(attributes["branches"]);
  const transitions = recordsById(attributes["transitions"]);
  const defined = definitions.records.length;
  const listedById = defined > 0 && ids.some((id) => recordOfId(definitions, id) !== undefined);
  const branches = new Array<Branch>(ids.length);
  for (let order = 0; order < ids.length; order++) {
    const id = ids[order] as string;
    const child = positionNear(nodes, id, at + 1 + order);
    const folded = child !== MISSING && nodes.stepAt[child] === END;
    const node = child === MISSING ? EMPTY : (nodes.raws[child] as Attributes);
    const transition = recordOfId(transitions, id);
    const definition = listedById ? recordOfId(definitions, id) : definitions.records[order];
    const isBranch = child !== MISSING && nodes.isBranch[child] === 1;
    const kind = kindOfBranch(type, node, isBranch, transition, definition, order, defined);
    const to = folded ? (nodes.follows[child] as number) : child;
    branches[order] = {
      id: isBranch || child === MISSING ? idOf(id) : null,
      name:
        nameOf(isBranch ? node["name"] : undefined) || nameOf((transition ?? definition)?.["name"]) || labelOf(kind),
      kind,
      target: to < 0 ? END : (nodes.stepAt[to] as number),
      missing: to !== MISSING ? null : folded ? single(nodes.next[child] as string | readonly string[]) : id,
      condition: kind === "none" ? null : conditionOf(raw, node, isBranch, definition),
      list,
      position: folded ? child : at,
    };
  }
  if (listedById) addUnlisted(branches, definitions.records, ids, list, at);
  return branches;
}

/** Branches that the step defines and its `next` misses: a contact who takes one ends here. */
function addUnlisted(
  branches: Branch[],
  definitions: readonly Attributes[],
  ids: readonly string[],
  list: string,
  position: number,
): void {
  const listed = ids.length > FEW ? new Set(ids) : null;
  for (const definition of definitions) {
    const id = textOf(definition["id"]);
    if (id === "" || (listed === null ? ids.includes(id) : listed.has(id))) continue;
    const name = nameOf(definition["name"]) || "Branch";
    branches.push({
      id: idOf(id),
      name,
      kind: "condition",
      target: END,
      missing: null,
      condition: definition,
      list,
      position,
    });
  }
}

/** As many are compared faster than a table is made. */
const FEW = 12;

interface RecordsById {
  readonly records: readonly Attributes[];
  /** null when there are few. */
  readonly byId: ReadonlyMap<string, Attributes> | null;
}

const NO_RECORDS: RecordsById = { records: [], byId: null };

function recordsById(value: unknown): RecordsById {
  const list = listOf(value);
  if (list.length === 0) return NO_RECORDS;
  const records = list.every(isRecord) ? list : list.map(recordOf);
  if (records.length <= FEW) return { records, byId: null };
  return { records, byId: new Map(records.map((record) => [textOf(record["id"]), record])) };
}

/** The last record of the id; `id` is not blank. */
function recordOfId({ records, byId }: RecordsById, id: string): Attributes | undefined {
  if (byId !== null) return byId.get(id);
  for (let at = records.length - 1; at >= 0; at--) if (textOf(records[at]?.["id"]) === id) return records[at];
  return undefined;
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
