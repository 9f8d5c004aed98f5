import { checkWorkflow, ENGINE_VERSION, WorkflowFormatError } from "@workflow-debugger/engine/parse";
import { AppError } from "@workflow-debugger/shared/contract";
import { type KeyRing, sealDefinition, sha256 } from "@workflow-debugger/shared/crypto";
import type { Submission } from "@workflow-debugger/shared/db";

/**
 * What a submission stores of a definition: the bytes that the worker will read, sealed, and what lists show of it.
 * Checks the definition, to refuse now what the engine could not read later.
 *
 * @param pointer where the definition stands in the request, for the details of `INVALID_WORKFLOW`.
 */
export function storeDefinition(
  definition: unknown,
  {
    locationId,
    keyRing,
    pointer,
  }: { readonly locationId: string; readonly keyRing: KeyRing; readonly pointer: string },
): Pick<Submission, "workflow" | "snapshot"> & { readonly status: string } {
  const { workflow, status } = readDefinition(definition, pointer);
  return { workflow, status, snapshot: sealDefinition(definition, locationId, keyRing) };
}

function readDefinition(definition: unknown, pointer: string) {
  try {
    const { id, name, status } = checkWorkflow(definition);
    return { workflow: { id, name }, status };
  } catch (error) {
    if (!(error instanceof WorkflowFormatError)) throw error;
    throw error.code === "LIST_OF_WORKFLOWS" ? listInsteadOfWorkflow() : invalidWorkflow(error, pointer);
  }
}

export function listInsteadOfWorkflow(): AppError {
  return new AppError("INVALID_WORKFLOW", {
    message: "This is a list of workflows. Send one here, or the list to POST /api/audit.",
    details: [{ path: "", code: "list", message: "is a list; /api/audit takes lists" }],
  });
}

function invalidWorkflow(error: WorkflowFormatError, pointer: string): AppError {
  const details = error.details.map(({ path, code, message }) => ({
    path: `${pointer}${path}`.slice(0, 500),
    code,
    message,
  }));
  return new AppError("INVALID_WORKFLOW", { message: error.message, details, cause: error });
}

/**
 * What a stored result must have been made from to be served again: definition, engine, options and UTC day.
 *
 * @param today ISO date, since rules about dates depend on it.
 */
export function cacheKey(snapshot: Buffer, options: object | null, today: string): Buffer {
  return sha256(JSON.stringify([snapshot.toString("hex"), ENGINE_VERSION, sorted(options ?? {}), today]));
}

/** The value with the keys of every object in order, so that their order in the request does not matter. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return entries.map(([key, entry]) => [key, sorted(entry)]);
}
