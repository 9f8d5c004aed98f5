import { AppError } from "@workflow-debugger/shared/contract";
import { newestDefinition, retryTransient, saveDefinitions } from "@workflow-debugger/shared/db";
import { GhlError } from "@workflow-debugger/shared/ghl";
import { storeDefinition } from "../analyses/definition.ts";
import type { Dependencies } from "../dependencies.ts";

/** For the structure source; afterwards the newest stored definition has to do. Milliseconds. */
const PATIENCE_MS = 8_000;

type Current = NonNullable<Awaited<ReturnType<typeof newestDefinition>>>;

/**
 * The best definition there is of a workflow: from the structure source where one is configured (kept as a version), else
 * the newest stored one; null when there is none. A source that fails matters only when nothing is stored.
 */
export async function currentDefinition(
  wanted: {
    readonly locationId: string;
    readonly workflowId: string;
    readonly actor: string;
    readonly requestId: string;
  },
  { database, keyRing, highLevel, log }: Pick<Dependencies, "database" | "keyRing" | "highLevel" | "log">,
): Promise<Current | null> {
  const failure = highLevel.structure === null ? null : await fetchNewest(highLevel.structure);
  const stored = await retryTransient(() => newestDefinition(database, wanted));
  if (stored !== null || failure === null || failure.category === "not_found") return stored;
  throw failure;

  async function fetchNewest(source: NonNullable<typeof highLevel.structure>): Promise<GhlError | null> {
    const { locationId, workflowId } = wanted;
    try {
      const document = await source.fetch(wanted, AbortSignal.timeout(PATIENCE_MS));
      const { workflow, status, snapshot } = storeDefinition(document, { locationId, keyRing, pointer: "" });
      const definitions = [{ workflowId, name: workflow.name, status, snapshot }];
      await retryTransient(() => saveDefinitions(database, { ...wanted, source: "structure_url", definitions }));
      return null;
    } catch (error) {
      const failed = error instanceof AppError ? noWorkflow(error) : error;
      if (!(failed instanceof GhlError)) throw error;
      log.warn({ locationId, workflowId, reason: failed.message }, "the structure source gave nothing");
      return failed;
    }
  }
}

function noWorkflow(cause: AppError): GhlError {
  return new GhlError("server", `the structure source gave no workflow: ${cause.message}`, { final: true, cause });
}
