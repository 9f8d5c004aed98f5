/** The simulated workflows, and who among them listens to what. */
import { anyOf, type Condition } from "../conditions/ast.ts";
import type { FieldReader } from "../conditions/fields.ts";
import { readCondition } from "../conditions/read-condition.ts";
import { isRecord } from "../model/attributes.ts";
import { readWindow } from "../model/windows.ts";
import type { Branch, Step, Workflow } from "../model/workflow.ts";
import type { Listener, Place } from "./world.ts";

/** A draft takes nobody in, unless it is the only workflow or the one that the start names. */
export function placesOf(
  workflows: readonly Workflow[],
  fields: FieldReader,
  named: string | undefined,
  past: readonly string[],
): readonly Place[] {
  const keys = new Set<string>();
  return workflows.map((workflow, at) => {
    const id = workflow.id ?? `workflow-${at + 1}`;
    const key = keys.has(id) ? `${id} (${at + 1})` : id;
    keys.add(key);
    const isNamed = named !== undefined && (named === key || named === workflow.name);
    return {
      key,
      workflow,
      isLive: workflow.status !== "draft" || workflows.length === 1 || isNamed,
      window: workflow.settings.window === null ? null : readWindow(workflow.settings.window),
      conditionOf: remembered((branch: Branch) => readCondition(branch.condition, fields)),
      waitConditionOf: remembered((step: Step) => waitCondition(step, fields)),
      goals: workflow.steps.filter(({ type, disabled }) => type === "workflow_goal" && !disabled),
      active: new Set(),
      entered: new Map(past.includes(key) || past.includes(workflow.name) ? [["", 1]] : []),
      starts: [],
      executed: [],
      locked: false,
    };
  });
}

function remembered<Key, Value>(read: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined) return value;
    const made = read(key);
    known.set(key, made);
    return made;
  };
}

/** What a condition wait waits for: any of its branches. null: not set up. */
function waitCondition({ attributes }: Step, fields: FieldReader): Condition | null {
  const source = attributes["condition"];
  const branches = isRecord(source) ? source["branches"] : attributes["branches"];
  if (!Array.isArray(branches)) return null;
  const read = branches.filter(isRecord).map((branch) => readCondition(branch, fields));
  return read.length === 0 ? null : anyOf(read);
}

/** Triggers by type, in document order; those that are switched off, too: that nothing begins is worth a word. */
export function listenersOf(places: readonly Place[]): ReadonlyMap<string, readonly Listener[]> {
  const byType = new Map<string, Listener[]>();
  for (const place of places)
    for (const trigger of place.workflow.triggers ?? []) {
      const known = byType.get(trigger.type);
      if (known === undefined) byType.set(trigger.type, [{ place, trigger }]);
      else known.push({ place, trigger });
    }
  return byType;
}

const weights = new WeakMap<Step, number>();
const HEAVIEST = 100_000;

/** How many values a step's settings hold: executing it takes about as long. Hostile documents put a hundred thousand tags into one. */
export function weightOf(step: Step): number {
  const known = weights.get(step);
  if (known !== undefined) return known;
  let weight = 1;
  const stack: unknown[] = [step.attributes, ...step.branches.map(({ condition }) => condition)];
  for (let value = stack.pop(); value !== undefined && weight < HEAVIEST; value = stack.pop()) {
    if (typeof value === "string") weight += value.length >> 10;
    else if (typeof value === "object" && value !== null)
      for (const inner of Object.values(value)) {
        weight++;
        if (inner !== undefined && weight < HEAVIEST) stack.push(inner);
      }
  }
  weights.set(step, weight);
  return weight;
}
