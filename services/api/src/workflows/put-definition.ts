import { type NewDefinition, retryTransient, saveDefinitions } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { storeDefinition } from "../analyses/definition.ts";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { takeBody } from "../middleware/json-body.ts";
import { savedDefinition } from "./saved-definition.ts";
import { workflowIdOf } from "./workflow-id.ts";

/** `PUT /api/workflows/:id/definition`: the body, in any accepted format, becomes the newest version of this workflow. */
export function putDefinitionRoute({ database, keyRing }: Pick<Dependencies, "database" | "keyRing">) {
  return async function put(context: Context<AppEnv>): Promise<Response> {
    const { locationId, actor } = context.get("caller");
    const workflowId = workflowIdOf(context);
    const definitions = [readDefinition(context, locationId, workflowId)];
    const trail = { actor, requestId: context.get("requestId") };
    const upload = { locationId, source: "upload", definitions, ...trail } as const;
    const saved = await retryTransient(() => saveDefinitions(database, upload));
    return resource(context, saved.map(savedDefinition)[0]);
  };

  function readDefinition(context: Context<AppEnv>, locationId: string, workflowId: string): NewDefinition {
    const sealing = { locationId, keyRing, pointer: "" };
    const { workflow, status, snapshot } = storeDefinition(takeBody(context).parse(), sealing);
    return { workflowId, name: workflow.name, status, snapshot };
  }
}
