/** The door to parsing: any accepted format in, one normalised workflow out. Cheap to import: no rules, no analyses. */

import { readActionSteps } from "./formats/actions.ts";
import { readBuilderSteps } from "./formats/builder.ts";
import { detect, type Source } from "./formats/detect.ts";
import { collectProblems, type Problems } from "./formats/format-error.ts";
import { readGraphSteps } from "./formats/graph.ts";
import { readSettings } from "./formats/settings.ts";
import type { StepsRead } from "./formats/steps-read.ts";
import { readTriggers } from "./formats/triggers.ts";
import { idOf, isRecord, listOf, nameOf, textOf } from "./model/attributes.ts";
import type { Attributes, Workflow } from "./model/workflow.ts";

export { workflowsIn } from "./formats/detect.ts";
export { type FormatProblem, type FormatProblemCode, WorkflowFormatError } from "./formats/format-error.ts";
export type { Workflow } from "./model/workflow.ts";
export { checkSimulation, type SimulationRequest } from "./simulate/check-input.ts";

/** Goes into every report; results of another version are not reused. */
export const ENGINE_VERSION = "0.1.0";

export type ParsedWorkflow = Workflow;

/**
 * Reads a workflow of any accepted format (docs/WORKFLOW_FORMATS.md), detected automatically. The result refers
 * into `input`, which must not be changed while it is in use. Throws `WorkflowFormatError`, with a JSON Pointer for every
 * problem, and nothing else.
 */
export function parseWorkflow(input: unknown): ParsedWorkflow {
  const { source, read, triggers, ...head } = readHead(input);
  return {
    ...head,
    format: source.format,
    steps: read.steps(),
    triggers,
    entry: read.index.entry,
    settings: readSettings(source.document),
    duplicateIds: read.duplicateIds,
    raw: source.document,
    pointer: source.documentPointer,
  };
}

/** Throws what `parseWorkflow` throws, and makes no steps of what that would read: for those who wait for an answer. */
export function checkWorkflow(input: unknown): Pick<ParsedWorkflow, "id" | "name" | "status"> {
  const { id, name, status } = readHead(input);
  return { id, name, status };
}

/** Everything in which a document can be wrong. */
function readHead(input: unknown) {
  const source = detect(input);
  const { document } = source;
  const problems = collectProblems();
  const id = idOf(document["id"]) ?? idOf(document["_id"]);
  const read = readSteps(source, id, problems);
  const triggers = readTriggers(read.triggers ?? source.triggers, source.triggersPointer, read.index, problems);
  problems.throwIfAny();
  const name = nameOf(document["name"]) || "Unnamed workflow";
  const status = textOf(document["status"]).slice(0, 40) || "unknown";
  return { source, read, triggers, id, name, status };
}

function readSteps(source: Source, id: string | null, problems: Problems): StepsRead & { readonly triggers?: unknown } {
  switch (source.format) {
    case "builder":
      return readBuilderSteps(source.steps, source.stepsPointer, id, entryTargets(source.triggers), problems);
    case "graph": {
      const { document, documentPointer, steps, stepsPointer, triggers } = source;
      const read = readGraphSteps(steps, document, stepsPointer, documentPointer, id, problems);
      if (read.triggerNodes.length === 0) return read;
      return { ...read, triggers: [...listOf(triggers), ...read.triggerNodes] };
    }
    case "actions":
      return readActionSteps(source.steps, source.stepsPointer, id, problems);
  }
}

/** Ids that triggers name as their entry. */
function entryTargets(triggers: unknown): readonly string[] {
  const targets: string[] = [];
  for (const trigger of listOf(isRecord(triggers) ? (triggers["rows"] ?? triggers) : triggers)) {
    const target = isRecord(trigger) ? textOf((trigger as Attributes)["targetActionId"]) : "";
    if (target !== "") targets.push(target);
  }
  return targets;
}
