/**
 * Writes the examples of rules about decisions: a small tree in, a HighLevel builder document out, so that an example
 * reads as what it is about.
 */

export interface ExampleStep {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** The number that merge fields name. */
  readonly stepIndex?: number;
}

export interface ExampleDecision {
  readonly id: string;
  readonly name: string;
  readonly branches: readonly ExampleBranch[];
  /** What stands behind the automatic None branch; absent: one SMS. */
  readonly none?: readonly ExampleNode[];
}

export interface ExampleBranch {
  readonly name: string;
  readonly rows: readonly unknown[];
  readonly operator?: "and" | "or";
  /** Absent: one SMS. */
  readonly steps?: readonly ExampleNode[];
}

/** A find step with its two ways out. */
export interface ExampleLookup {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly found: readonly ExampleNode[];
  readonly notFound: readonly ExampleNode[];
}

export type ExampleNode = ExampleStep | ExampleDecision | ExampleLookup;

export interface ExampleTrigger {
  readonly type: string;
  readonly name?: string;
  readonly active?: boolean;
  readonly conditions?: readonly unknown[];
}

const formSubmitted: ExampleTrigger = {
  type: "form_submission",
  name: "Form submitted",
  conditions: [{ field: "form.id", operator: "is-any-of", value: ["contact-us"], title: "Form is", type: "string" }],
};

export function exampleWorkflow(
  nodes: readonly ExampleNode[],
  triggers: readonly ExampleTrigger[] = [formSubmitted],
): unknown {
  const templates: Record<string, unknown>[] = [];
  writeChain(nodes, null, templates);
  return {
    workflow: { id: "example", name: "Example", status: "published", workflowData: { templates } },
    triggers: triggers.map((trigger, at) => ({
      id: `trigger-${at + 1}`,
      active: true,
      deleted: false,
      name: trigger.type,
      conditions: [],
      ...trigger,
    })),
  };
}

/** A workflow that is one If/Else. */
export function exampleDecision(
  name: string,
  branches: readonly ExampleBranch[],
  none?: readonly ExampleNode[],
  triggers?: readonly ExampleTrigger[],
): unknown {
  const decision = { id: "decision", name, branches };
  return exampleWorkflow([none === undefined ? decision : { ...decision, none }], triggers);
}

/** Writes steps one behind the other; the first one's id is returned. A decision ends its chain. */
function writeChain(
  nodes: readonly ExampleNode[],
  parent: string | null,
  templates: Record<string, unknown>[],
): string | null {
  nodes.forEach((node, at) => {
    const place = { order: at, parentKey: nodes[at - 1]?.id ?? parent };
    if ("branches" in node) writeDecision(node, place, templates);
    else if ("found" in node) writeLookup(node, place, templates);
    else templates.push({ name: node.id, attributes: {}, ...node, ...place, next: nodes[at + 1]?.id ?? null });
  });
  return nodes[0]?.id ?? null;
}

function writeDecision(
  decision: ExampleDecision,
  place: Readonly<Record<string, unknown>>,
  templates: Record<string, unknown>[],
): void {
  const { id, name } = decision;
  const branches = decision.branches.map((branch, at) => ({
    id: `${id}-${at + 1}`,
    name: branch.name,
    operator: "and",
    segments: [{ operator: branch.operator ?? "and", conditions: branch.rows }],
  }));
  const none = `${id}-none`;
  const shared = { type: "if_else", cat: "conditions", parent: id, parentKey: id };
  templates.push({
    id,
    name,
    type: "if_else",
    cat: "conditions",
    nodeType: "condition-node",
    ...place,
    next: [...branches.map((branch) => branch.id), none],
    attributes: { branches, operator: "and", if: true, conditionName: name, version: 2, noneBranchName: "None" },
  });
  decision.branches.forEach((branch, at) => {
    const own = `${id}-${at + 1}`;
    const node: Record<string, unknown> = { ...shared, id: own, name: branch.name, nodeType: "branch-yes" };
    templates.push(node);
    node["attributes"] = { if: false, operator: "and", branches: [] };
    node["next"] = writeChain(branch.steps ?? [sms(`${own}-sms`)], own, templates);
  });
  const fallback: Record<string, unknown> = { ...shared, id: none, name: "None", nodeType: "branch-no" };
  templates.push(fallback);
  fallback["attributes"] = { else: true };
  fallback["next"] = writeChain(decision.none ?? [sms(`${none}-sms`)], none, templates);
}

function writeLookup(
  { id, type, name, found, notFound }: ExampleLookup,
  place: Readonly<Record<string, unknown>>,
  templates: Record<string, unknown>[],
): void {
  const ways = [
    { id: `${id}-found`, name: "Opportunity Found", steps: found },
    { id: `${id}-not-found`, name: "Opportunity Not Found", steps: notFound },
  ];
  const transitions = ways.map((way) => ({ id: way.id, name: way.name, conditionType: "pre-defined" }));
  const attributes = { type, cat: "multi-path", convertToMultipath: true, transitions };
  templates.push({ id, type, name, cat: "multi-path", ...place, attributes, next: ways.map((way) => way.id) });
  for (const way of ways) {
    const node: Record<string, unknown> = { id: way.id, name: way.name, type: "transition", cat: "transition" };
    templates.push(node);
    node["parent"] = id;
    node["parentKey"] = id;
    node["attributes"] = {};
    node["next"] = writeChain(way.steps, way.id, templates);
  }
}

/** A row about a contact's field. */
export function contactRow(field: string, operator: string, value?: unknown): Record<string, unknown> {
  return row("contact_detail", field, operator, value);
}

export function hasTag(...tags: readonly string[]): Record<string, unknown> {
  return row("contact_detail", "tags", "index-of-true", tags);
}

export function hasNotTag(...tags: readonly string[]): Record<string, unknown> {
  return row("contact_detail", "tags", "index-of-false", tags);
}

export function row(type: string, subType: string, operator: string, value?: unknown): Record<string, unknown> {
  return {
    conditionType: type,
    conditionSubType: subType,
    conditionOperator: operator,
    ...(value === undefined ? {} : { conditionValue: value }),
  };
}

/** Every text says something else, as those of different branches do. */
export function sms(
  id: string,
  body = `Hi {{contact.first_name}}, thanks for asking about ${id}. Reply STOP to opt out.`,
): ExampleStep {
  return { id, type: "sms", name: "SMS", attributes: { body, attachments: [] } };
}

/** A plain workflow that one active trigger starts. */
export function startedBy(trigger: object, actions: readonly object[]): unknown {
  return { triggers: [{ id: "start", name: "Start", active: true, ...trigger }], actions };
}

/** The trigger that a tag fires when it is added. */
export function tagAdded(tag: string): object {
  return {
    type: "contact_tag",
    conditions: [{ field: "tagsAdded", operator: "index-of-true", value: [tag], id: "tag-added" }],
  };
}
