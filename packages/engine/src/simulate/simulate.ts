/**
 * Walks one contact through one or many workflows with a virtual clock. Pure: no clock of the machine, no chance; the same input gives
 * the same trace, byte for byte. What happens at one instant happens in the order in which it was brought about.
 */
import { type FormatProblem, WorkflowFormatError } from "../formats/format-error.ts";
import type { Workflow } from "../model/workflow.ts";
import { parseWorkflow, workflowsIn } from "../parse.ts";
import { checkSimulation, SimulationInputError } from "./check-input.ts";
import { isKnownKind } from "./script.ts";
import type { ContactState, SimulationOptions, Trace } from "./types.ts";
import { walk } from "./walk.ts";

/**
 * Simulates one contact. `input`: one workflow of any accepted format, a list of them, or `{workflows: […]}` for a whole location.
 * Times are ISO instants; the trace is in UTC with the contact's clock beside it. Throws `WorkflowFormatError` for a document that is no
 * workflow and `SimulationInputError` for contact, start, events or options that cannot be meant, and nothing else.
 */
export function simulate(input: unknown, contact: ContactState, options: SimulationOptions): Trace {
  return simulateParsed(parseAll(input), contact, options);
}

/** `simulate` for workflows that are parsed already. */
export function simulateParsed(
  workflows: readonly Workflow[],
  contact: ContactState,
  options: SimulationOptions,
): Trace {
  const problems = checkSimulation({ contact, ...options });
  if (problems.length > 0) throw new SimulationInputError(problems);
  const problem = startProblem(workflows, options);
  if (problem !== null) throw new SimulationInputError([problem]);
  return walk(workflows, contact, options);
}

/** One workflow or many, with the place of a problem in the given document. */
function parseAll(input: unknown): readonly Workflow[] {
  const many = workflowsIn(input);
  if (many === null) return [parseWorkflow(input)];
  const { list, pointer } = many;
  const problems: FormatProblem[] = [];
  const workflows: Workflow[] = [];
  list.forEach((document, at) => {
    try {
      workflows.push(parseWorkflow(document));
    } catch (error) {
      if (!(error instanceof WorkflowFormatError)) throw error;
      problems.push(...error.details.map((detail) => ({ ...detail, path: `${pointer}/${at}${detail.path}` })));
    }
  });
  const [first, ...more] = problems.slice(0, 20);
  if (first !== undefined) throw new WorkflowFormatError(first, more);
  if (workflows.length === 0)
    throw new WorkflowFormatError({ path: pointer, code: "UNKNOWN_FORMAT", message: "The list holds no workflow." });
  return workflows;
}

function startProblem(workflows: readonly Workflow[], { start, events }: SimulationOptions) {
  if (start.trigger === undefined && start.workflowId === undefined && workflows.length > 1)
    return {
      path: "/start",
      message: "must say what happens (trigger) or which workflow the contact enters (workflowId)",
    };
  const { workflowId } = start;
  if (workflowId !== undefined && !workflows.some(({ id, name }) => id === workflowId || name === workflowId))
    return { path: "/start/workflowId", message: "names none of the given workflows" };
  const types = new Set(workflows.flatMap(({ triggers }) => (triggers ?? []).map(({ type }) => type)));
  const isUnknown = (type: string) => !isKnownKind(type) && !types.has(type);
  const message =
    "is no event that is known: give reply, click, email, form, call, appointment, payment, tag, field, opportunity, … or a trigger type of HighLevel";
  if (start.trigger !== undefined && isUnknown(start.trigger.type)) return { path: "/start/trigger/type", message };
  const at = (events ?? []).findIndex(({ type }) => isUnknown(type));
  return at < 0 ? null : { path: `/events/${at}/type`, message };
}
