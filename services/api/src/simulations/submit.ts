import { checkSimulation } from "@workflow-debugger/engine/parse";
import { AppError, type SimulationRequestBody, simulationRequest } from "@workflow-debugger/shared/contract";
import type { RunWorkflow } from "@workflow-debugger/shared/db";
import { storeDefinition } from "../analyses/definition.ts";
import { valid } from "../answers/validation.ts";
import type { Dependencies } from "../dependencies.ts";
import type { RunView } from "../location-runs/run-view.ts";
import { type RunCaller, submitRunRoute } from "../location-runs/submit.ts";
import { refuseTooMany, storedWorkflows } from "../location-runs/workflows.ts";
import type { Body } from "../middleware/json-body.ts";
import { effectiveOptions } from "../settings/effective-options.ts";
import { currentDefinition } from "../workflows/current-definition.ts";

const MOST_DETAILS = 50;

/** `POST /api/simulate`: one workflow, several, or every stored one of the location. */
export function submitSimulationRoute(view: RunView, dependencies: Dependencies) {
  return submitRunRoute(view, dependencies, async (body, caller) => {
    const { given, workflowId, asked } = read(body, caller);
    const facts = await knownFacts(asked.facts, caller);
    return { workflows: given ?? (await storedOf(workflowId, caller)), request: { ...asked, ...facts } };
  });

  function read(body: Body, { locationId, plan }: RunCaller) {
    const { workflow, workflows, workflowId, ...asked } = valid(simulationRequest, body.parse());
    const problems = checkSimulation(asked).slice(0, MOST_DETAILS);
    if (problems.length > 0) throw new AppError("VALIDATION_FAILED", { details: detailsOf(problems) });
    const { keyRing } = dependencies;
    const snapshotOf = (definition: unknown, pointer: string) =>
      storeDefinition(definition, { locationId, keyRing, pointer }).snapshot;
    if (workflow !== undefined) return { given: [snapshotOf(workflow, "/workflow")], asked };
    if (workflows === undefined) return { workflowId, asked };
    refuseTooMany(workflows.length, plan);
    return { given: workflows.map((one, at) => snapshotOf(one, `/workflows/${at}`)), asked };
  }

  async function storedOf(workflowId: string | undefined, caller: RunCaller): Promise<readonly RunWorkflow[]> {
    if (workflowId === undefined) return storedWorkflows(caller, dependencies);
    const definition = await currentDefinition({ ...caller, workflowId }, dependencies);
    if (definition === null) throw new AppError("DEFINITION_REQUIRED");
    const { snapshot, definitionAt } = definition;
    return [{ sha256: snapshot.sha256, stored: { workflowId, definitionAt } }];
  }

  async function knownFacts(given: SimulationRequestBody["facts"], caller: RunCaller) {
    const options = given === undefined ? null : { facts: given };
    const { all } = await effectiveOptions(dependencies, { caller, options, workflowId: undefined });
    return all?.facts === undefined ? {} : { facts: all.facts };
  }
}

function detailsOf(problems: readonly { readonly path: string; readonly message: string }[]) {
  return problems.map(({ path, message }) => ({ path: path.slice(0, 500), code: "invalid_simulation", message }));
}
