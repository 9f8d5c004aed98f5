/**
 * Writes workflows the way HighLevel's builder stores them: a flat list of nodes linked by `next`, a node of its own for every branch,
 * triggers beside the workflow. Ids are counted, so the same workflow gives the same bytes.
 */

type Attributes = Readonly<Record<string, unknown>>;

interface Way {
  readonly name: string;
  readonly transition?: Attributes;
  readonly steps: Flow;
}

/** A step, and what hangs on it. */
export type Piece =
  | { readonly kind: "step"; readonly type: string; readonly name: string; readonly attributes: Attributes }
  | {
      readonly kind: "choice";
      readonly name: string;
      readonly branches: readonly (Way & { readonly rows: readonly Attributes[] })[];
      readonly none: Flow;
    }
  /** A step with transitions: a wait with a timeout, a split, a lookup. */
  | {
      readonly kind: "ways";
      readonly type: string;
      readonly name: string;
      readonly attributes: Attributes;
      readonly ways: readonly Way[];
    }
  /** Lanes that all run. */
  | { readonly kind: "router"; readonly name: string; readonly lanes: readonly Way[] }
  | { readonly kind: "loop"; readonly name: string; readonly body: Flow }
  /** To the first step of a name. */
  | { readonly kind: "goto"; readonly name: string; readonly to: string };

/** Steps in order. What follows a step with ways stands on the last of them. */
export type Flow = readonly Piece[];

/** A step without ways of its own. */
export function step(type: string, name: string, attributes: Attributes = {}): Piece {
  return { kind: "step", type, name, attributes };
}

/** A set wait. */
export function pause(name: string, type: "minutes" | "hours" | "days", value: number): Piece {
  return step("wait", name, { type: "time", startAfter: { type, value, when: "after" } });
}

/** A wait for a reply to the messages of the given names, with a timeout. */
export function replyWait(name: string, days: number, to: readonly string[], replied: Flow, silent: Flow): Piece {
  return {
    kind: "ways",
    type: "wait",
    name,
    attributes: { type: "reply", reply: to, startAfter: { type: "days", value: days, when: "after" } },
    ways: [
      { name: "Replied", transition: { condition: "primary", isPrimaryBranch: true }, steps: replied },
      { name: "No reply", transition: { condition: "timeout", isPrimaryBranch: false }, steps: silent },
    ],
  };
}

/** A row of an If/Else. */
export function row(type: string, subType: string, operator: string, value: unknown): Attributes {
  return {
    conditionType: type,
    conditionSubType: subType,
    conditionOperator: operator,
    conditionValue: value,
    isWait: false,
  };
}

export interface Export {
  readonly workflow: Readonly<Record<string, unknown>>;
  readonly triggers: readonly unknown[];
}

type Node = Record<string, unknown> & { readonly id: string; readonly name: string; attributes: Attributes };

/** The export of a workflow. `settings` are the builder's own fields, `triggers` its trigger documents without ids. */
export function exported(name: string, flow: Flow, settings: Attributes, triggers: readonly Attributes[]): Export {
  const nodes: Node[] = [];
  const nextId = () => `5eed0000-0000-4000-8000-${(nodes.length + 1).toString(16).padStart(12, "0")}`;
  const add = (node: Omit<Node, "id" | "order">): Node => {
    const added = { id: nextId(), order: nodes.length, stepIndex: nodes.length + 1, ...node } as unknown as Node;
    nodes.push(added);
    return added;
  };

  const lay = (pieces: Flow, behind: Node | null, container: Attributes): void => {
    const [piece, ...rest] = pieces;
    if (piece === undefined) return;
    const node = add({
      type: typeOf(piece),
      name: piece.name,
      attributes: attributesOf(piece),
      ...container,
      ...(behind === null ? {} : { parentKey: behind.id }),
    });
    if (behind !== null) behind["next"] = node.id;
    if (piece.kind === "loop") lay(piece.body, null, { parentContainerId: node.id });
    const ways = waysOf(piece);
    if (ways === null) {
      lay(rest, node, container);
      return;
    }
    const branches = ways.map(({ node: own }) => add({ ...own, ...container, parent: node.id, parentKey: node.id }));
    node["next"] = branches.map(({ id }) => id);
    for (const [key, value] of Object.entries(ownerKeys(piece))) node[key] = value;
    node.attributes = { ...node.attributes, ...waysInOwner(piece, branches) };
    ways.forEach(({ steps }, at) => {
      lay(at === ways.length - 1 ? [...steps, ...rest] : steps, branches[at] ?? null, container);
    });
  };
  lay(flow, null, {});

  const idOf = (label: unknown) => nodes.find((node) => node.name === label)?.id ?? label;
  for (const node of nodes) {
    const { targetNodeId, reply } = node.attributes;
    if (targetNodeId !== undefined) node.attributes = { ...node.attributes, targetNodeId: idOf(targetNodeId) };
    if (Array.isArray(reply)) node.attributes = { ...node.attributes, reply: reply.map(idOf) };
  }
  const id = "5eed0000-0000-4000-8000-ffffffffffff";
  return {
    workflow: {
      _id: id,
      id,
      name,
      type: "workflow",
      status: "published",
      dataVersion: 7,
      ...settings,
      workflowData: { templates: nodes },
    },
    triggers: triggers.map((trigger, at) => ({
      id: `trigger-${at + 1}`,
      active: true,
      deleted: false,
      masterType: "highlevel",
      belongs_to: "workflow",
      workflow_id: id,
      ...trigger,
    })),
  };
}

function typeOf(piece: Piece): string {
  switch (piece.kind) {
    case "choice":
      return "if_else";
    case "step":
    case "ways":
      return piece.type;
    default:
      return piece.kind;
  }
}

function attributesOf(piece: Piece): Attributes {
  switch (piece.kind) {
    case "step":
    case "ways":
      return { type: piece.type, ...piece.attributes };
    case "goto":
      return { type: "goto", targetNodeId: piece.to };
    case "loop":
      return { type: "loop", items: "{{inboundWebhookRequest.items}}" };
    default:
      return {};
  }
}

/** The branch nodes of a step, and what stands behind each. */
function waysOf(piece: Piece): readonly { readonly node: Omit<Node, "id" | "order">; readonly steps: Flow }[] | null {
  switch (piece.kind) {
    case "choice":
      return [
        ...piece.branches.map(({ name, steps }) => ({ node: branchNode("if_else", "branch-yes", name, {}), steps })),
        { node: branchNode("if_else", "branch-no", "None", { else: true }), steps: piece.none },
      ];
    case "router":
      return piece.lanes.map(({ name, steps }) => ({ node: branchNode("router", "branch-yes", name, {}), steps }));
    case "ways":
      return piece.ways.map(({ name, steps }) => ({
        node: { type: "transition", cat: "transition", name, attributes: {} },
        steps,
      }));
    default:
      return null;
  }
}

function branchNode(type: string, nodeType: string, name: string, attributes: Attributes): Omit<Node, "id" | "order"> {
  return { type, nodeType, name, cat: "conditions", attributes };
}

function ownerKeys(piece: Piece): Attributes {
  return piece.kind === "ways" ? { cat: "multi-path" } : { cat: "conditions", nodeType: "condition-node" };
}

/** How the owner of branches names them in its own settings. */
function waysInOwner(piece: Piece, branches: readonly Node[]): Attributes {
  if (piece.kind === "choice")
    return {
      currentRecipeType: "CUSTOM",
      operator: "and",
      if: true,
      version: 2,
      noneBranchName: "None",
      branches: piece.branches.map(({ name, rows }, at) => ({
        id: branches[at]?.id,
        name,
        operator: "and",
        showErrors: false,
        segments: rows.length === 0 ? [] : [{ operator: "and", conditions: rows }],
      })),
    };
  if (piece.kind === "router") return { branches: branches.map(({ id }) => ({ id, branchType: "always_run" })) };
  if (piece.kind !== "ways") return {};
  const transitions = piece.ways.map(({ name, transition }, at) => ({
    id: branches[at]?.id,
    name,
    conditionType: "user-defined",
    ...transition,
  }));
  const common = { cat: "multi-path", convertToMultipath: true, isHybridAction: true, transitions };
  if (piece.type !== "workflow_split") return { ...common, hybridActionType: piece.type };
  const share = Math.floor(100 / branches.length);
  return {
    ...common,
    condition: "random-split",
    paths: branches.map(({ id, name }) => ({ id, name })),
    extras: {
      weightDistribution: Object.fromEntries(
        branches.map(({ id }, at) => [id, at === 0 ? 100 - share * (branches.length - 1) : share]),
      ),
    },
  };
}
