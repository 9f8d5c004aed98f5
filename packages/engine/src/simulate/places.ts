/** The simulated workflows, and who among them listens to what. */
import { anyOf, type Condition } from "../conditions/ast.ts";
import type { FieldReader } from "../conditions/fields.ts";
import { readCondition } from "../conditions/read-condition.ts";
import { isRecord, listOf, textOf } from "../model/attributes.ts";
import { readWindow } from "../model/windows.ts";
import type { Branch, Step, Trigger, Workflow } from "../model/workflow.ts";
import { plainTag } from "./contact-record.ts";
import { tagRowOf } from "./listeners.ts";
import type { Happening, Listener, Place } from "./world.ts";

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

/**
 * Who may hear a happening, in document order; triggers that are switched off, too: that nothing begins is worth a word. Triggers
 * on certain tags stand by tag, since a location has hundreds of them and a happening is about one.
 */
export function listenersOf(places: readonly Place[]): (happening: Happening) => readonly Listener[] {
  const byType = new Map<string, Listener[]>();
  const byTag = new Map<string, Listener[]>();
  let order = 0;
  for (const place of places)
    for (const trigger of place.workflow.triggers ?? []) {
      const listener = { place, trigger, order: order++ };
      const tags = trigger.type === "contact_tag" ? tagsHeard(trigger) : null;
      if (tags === null) add(byType, trigger.type, listener);
      else for (const tag of tags) add(byTag, tag, listener);
    }
  return ({ type, data }) => {
    const hearing = byType.get(type) ?? NO_LISTENERS;
    if (type !== "contact_tag") return hearing;
    const changed = [...(data.get("tagsadded") ?? []), ...(data.get("tagsremoved") ?? [])];
    const named = changed.flatMap((tag) => byTag.get(tag) ?? NO_LISTENERS);
    return named.length === 0 ? hearing : [...hearing, ...named].sort((a, b) => a.order - b.order);
  };
}

const NO_LISTENERS: readonly Listener[] = [];

function add(lists: Map<string, Listener[]>, key: string, listener: Listener): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [listener]);
  else known.push(listener);
}

/** The tags of which a trigger's filter names one; null when it names none. */
function tagsHeard({ conditions }: Trigger): ReadonlySet<string> | null {
  const row = conditions.find((one) => tagRowOf(one) !== null);
  return row === undefined ? null : new Set(listOf(row.value).map((tag) => plainTag(textOf(tag))));
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
