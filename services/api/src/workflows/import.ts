import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError, mostImported } from "@workflow-debugger/shared/contract";
import { type NewDefinition, retryTransient, saveDefinitions } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { storeDefinition } from "../analyses/definition.ts";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { isZip, takeBody } from "../middleware/json-body.ts";
import { readArchive } from "./archive.ts";
import { type Document, documentsIn, type Refusal } from "./documents.ts";
import { savedDefinition } from "./saved-definition.ts";

/** `POST /api/workflows/import`: stores every workflow that fits, in one commit, and names what does not. */
export function importWorkflowsRoute({ database, keyRing }: Pick<Dependencies, "database" | "keyRing">) {
  return async function importWorkflows(context: Context<AppEnv>): Promise<Response> {
    const { locationId, actor } = context.get("caller");
    const { definitions, refusals } = await readBody(context, locationId);
    if (definitions.size === 0) throw nothingFits(refusals);
    const trail = { actor, requestId: context.get("requestId") };
    const upload = { locationId, source: "upload", definitions: [...definitions.values()], ...trail } as const;
    const saved = await retryTransient(() => saveDefinitions(database, upload));
    return resource(context, { imported: saved.map(savedDefinition), refused: refusals });
  };

  async function readBody(context: Context<AppEnv>, locationId: string) {
    const definitions = new Map<string, NewDefinition>();
    const refusals: Refusal[] = [];
    const { bytes, parse } = takeBody(context);
    for await (const found of isZip(context) ? readArchive(Buffer.from(bytes)) : [documentsIn("", parse())]) {
      if ("code" in found) refusals.push(found);
      else await readDocuments(found);
    }
    return { definitions, refusals };

    async function readDocuments(documents: readonly Document[]): Promise<void> {
      if (documents.length > mostImported) throw tooMany(documents.length);
      for (const document of documents) {
        // A long import lets others have their turn.
        await nextTurn();
        const read = readDocument(document, locationId);
        if ("code" in read) refusals.push(read);
        else if (definitions.has(read.workflowId)) {
          refusals.push({ path: document.path, code: "duplicate", message: "has the id of a workflow before it" });
        } else definitions.set(read.workflowId, read);
      }
    }
  }

  function readDocument({ path, value }: Document, locationId: string): NewDefinition | Refusal {
    try {
      const { workflow, status, snapshot } = storeDefinition(value, { locationId, keyRing, pointer: "" });
      const { id: workflowId, name } = workflow;
      if (workflowId !== null && workflowId.length <= 255) return { workflowId, name, status, snapshot };
      return { path, code: "no_id", message: "has no id; send it to PUT /api/workflows/{id}/definition" };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "INVALID_WORKFLOW") throw error;
      return { path, code: "invalid_workflow", message: error.message };
    }
  }
}

function tooMany(count: number): AppError {
  const message = `holds ${count} workflows; ${mostImported} are taken at a time`;
  return new AppError("VALIDATION_FAILED", { details: [{ path: "", code: "too_many", message }] });
}

function nothingFits(refusals: readonly Refusal[]): AppError {
  return new AppError("INVALID_WORKFLOW", {
    message: "No workflow that could be stored was found; see details.",
    details: refusals.slice(0, 50),
  });
}
