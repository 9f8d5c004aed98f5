/** Graph JSON: `nodes` and `connections`. The first node is where a run starts; a node of type `trigger` is a trigger. */
import { idOf, isRecord, listOf, nameOf, recordOf, textOf } from "../model/attributes.ts";
import { Trait, traitsOf } from "../model/traits.ts";
import type { Attributes, Branch, Step } from "../model/workflow.ts";
import { labelKind } from "./branch-kinds.ts";
import { kindOf, type Problems } from "./format-error.ts";
import { jumpTarget, makePlainStep, NO_BRANCHES, wayTo } from "./make-step.ts";
import { plainSettings, plainType } from "./plain-settings.ts";
import { checkStep } from "./raw-step.ts";
import { type IdTable, stepIndex, tabulate } from "./step-index.ts";
import type { StepsRead } from "./steps-read.ts";

interface Connection {
  readonly to: string;
  readonly label: string;
  readonly raw: Attributes;
  readonly position: number;
}

/** Trigger nodes found among the steps, in the shape of a trigger document. */
export interface GraphRead extends StepsRead {
  readonly triggerNodes: readonly Attributes[];
}

export function readGraphSteps(
  nodes: readonly unknown[],
  document: Attributes,
  stepsPointer: string,
  documentPointer: string,
  workflowId: string | null,
  problems: Problems,
): GraphRead {
  const raws: Attributes[] = [];
  const positions: number[] = [];
  const triggers: Attributes[] = [];
  for (let at = 0; at < nodes.length; at++) {
    const raw = checkStep(nodes[at], stepsPointer, at, problems);
    if (raw === null) continue;
    if (raw["type"] === "trigger") triggers.push(raw);
    else {
      raws.push(raw);
      positions.push(at);
    }
  }
  const list = `${documentPointer}/connections`;
  const waysFrom = readConnections(document["connections"], list, problems);
  problems.throwIfAny();
  const table = tabulate(raws.map((raw) => textOf(raw["id"])));
  const steps = () =>
    raws.map((raw, index) => {
      const ways = waysFrom.get(textOf(raw["id"])) ?? [];
      return readStep(table, index, raw, ways, list, [stepsPointer, positions[index] ?? 0], workflowId);
    });
  const triggerNodes = triggers.map((raw) => {
    const config = recordOf(raw["config"] ?? raw["attributes"]);
    return {
      ...raw,
      type: textOf(config["type"] ?? config["event"]) || "trigger",
      conditions: config["conditions"] ?? config["filters"],
      targetActionId: waysFrom.get(textOf(raw["id"]))?.[0]?.to,
    };
  });
  return { steps, index: stepIndex(table), duplicateIds: table.duplicates, triggerNodes };
}

function readConnections(value: unknown, list: string, problems: Problems): ReadonlyMap<string, readonly Connection[]> {
  const from = new Map<string, Connection[]>();
  if (value !== undefined && value !== null && !Array.isArray(value)) {
    problems.add(list, "WRONG_TYPE", `connections should be a list, not ${kindOf(value)}.`);
    return from;
  }
  listOf(value).forEach((raw, position) => {
    const at = `${list}/${position}`;
    if (!isRecord(raw)) {
      problems.add(at, "WRONG_TYPE", `A connection should be an object with from and to, not ${kindOf(raw)}.`);
      return;
    }
    const source = textOf(raw["from"]);
    const to = textOf(raw["to"]);
    if (source === "") problems.add(`${at}/from`, "MISSING", "A connection needs from: the id of a node.");
    if (to === "") problems.add(`${at}/to`, "MISSING", "A connection needs to: the id of a node.");
    const connection = { to, label: textOf(raw["branch"] ?? raw["label"]), raw, position };
    const ways = from.get(source);
    if (ways === undefined) from.set(source, [connection]);
    else ways.push(connection);
  });
  return from;
}

function readStep(
  table: IdTable,
  index: number,
  raw: Attributes,
  ways: readonly Connection[],
  connectionList: string,
  place: readonly [string, number],
  workflowId: string | null,
): Step {
  const type = plainType(raw["type"] as string);
  const attributes = plainSettings(type, recordOf(raw["config"] ?? raw["attributes"]));
  const first = ways[0];
  const named = ways.some((way) => way.label !== "");
  const decides = (traitsOf(type) & Trait.decide) !== 0;
  let follows = first?.to ?? "";
  let jump = jumpTarget(type, attributes);
  // A Go To that names no target in its settings jumps along its connection.
  if (type === "goto" && jump === "") [jump, follows] = [follows, ""];
  let branches = NO_BRANCHES;
  if (named || ways.length > 1 || (decides && ways.length > 0)) {
    follows = "";
    branches = ways.map((way): Branch => {
      const definition = definitionOf(attributes, way.label);
      const kind =
        way.label === "" && type !== "workflow_split" ? (decides ? "condition" : "path") : labelKind(type, way.label);
      return {
        id: idOf(way.raw["id"]),
        name: nameOf(way.label) || "Branch",
        kind,
        ...wayTo(table, way.to),
        condition: kind === "none" ? null : (conditionIn(way.raw) ?? definition),
        list: connectionList,
        position: way.position,
      };
    });
  }
  const [list, position] = place;
  const parts = { index, type, attributes, raw, list, position };
  return makePlainStep(table, parts, { follows, jump, branches }, workflowId);
}

/** Conditions stand with the connection, or in the node's `config.branches` under the same name. */
function definitionOf(attributes: Attributes, label: string): Attributes | null {
  for (const branch of listOf(attributes["branches"])) {
    if (isRecord(branch) && textOf(branch["name"]) === label) return branch;
  }
  return label === "" || label.toLowerCase() === "yes" || label.toLowerCase() === "true"
    ? conditionIn(attributes)
    : null;
}

export function conditionIn(record: Attributes): Attributes | null {
  return Array.isArray(record["segments"]) || Array.isArray(record["conditions"]) || isRecord(record["condition"])
    ? record
    : null;
}
