import { parseWorkflow } from "@workflow-debugger/engine/parse";
import { AppError } from "@workflow-debugger/shared/contract";
import { snapshotContext } from "@workflow-debugger/shared/crypto";
import { knowsWorkflow } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { currentDefinition } from "./current-definition.ts";
import { structureOf } from "./structure-of.ts";
import { noSuchWorkflow, workflowIdOf } from "./workflow-id.ts";

/** `GET /api/workflows/:id/structure`: what the current definition says, normalised and without the steps' contents. */
export function workflowStructureRoute(dependencies: Pick<Dependencies, "database" | "keyRing" | "highLevel" | "log">) {
  const { database, keyRing } = dependencies;

  return async function structure(context: Context<AppEnv>): Promise<Response> {
    const { locationId, actor } = context.get("caller");
    const workflowId = workflowIdOf(context);
    const wanted = { locationId, workflowId, actor, requestId: context.get("requestId") };
    const definition = await currentDefinition(wanted, dependencies);
    if (definition === null) {
      if (await knowsWorkflow(database, wanted)) throw new AppError("DEFINITION_REQUIRED");
      throw noSuchWorkflow();
    }
    const { snapshot, ...stored } = definition;
    const bytes = keyRing.open(snapshot, snapshotContext(locationId, snapshot.sha256));
    const workflow = parseWorkflow(JSON.parse(bytes.toString()));
    const version = { ...stored, definitionAt: stored.definitionAt.toISOString() };
    return resource(context, { ...structureOf(workflow), ...version });
  };
}
