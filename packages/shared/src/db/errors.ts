import pg from "pg";

/**
 * SQLSTATEs after which the same statement may well succeed in a moment: connection trouble, a server that starts or
 * stops, serialisation conflicts, deadlocks, a lock not had in time, no free connection slot.
 */
const TRANSIENT_STATES = new Set(["40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03"]);
/** Further states in which the database cannot serve for now: time-outs, full disk, out of memory, read-only, I/O. */
const UNAVAILABLE_STATES = new Set(["57014", "57P04", "25006", "25P03", "25P04", "53000", "53100", "53200", "53400"]);

const FOREIGN_KEY_VIOLATION = "23503";
/**
 * Foreign keys to sealed snapshots. Retention removed the row between "it is stored already" and the reference to it; the
 * same work stores it anew.
 */
const SNAPSHOT_KEYS = new Set([
  "analyses_location_id_snapshot_sha256_fkey",
  "analyses_options_sha256_fkey",
  "workflow_definitions_location_id_snapshot_sha256_fkey",
  "location_run_workflows_location_id_snapshot_sha256_fkey",
]);

const SOCKET_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** pg gives these errors no code. */
const CONNECTION_MESSAGES = [
  "Connection terminated",
  "Client has encountered a connection error",
  "Client was closed",
  "timeout exceeded when trying to connect",
  "timeout expired",
  "Postgres connection has been discarded",
];
const DEADLINE_MESSAGE = "Query read timeout";

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

/** True for an error the server itself sent: the connection is sound. */
export function isServerError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity !== "FATAL" && error.severity !== "PANIC";
}

/** True when repeating the statement within a second is worthwhile. Says nothing about whether repeating is safe. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  if (code === FOREIGN_KEY_VIOLATION)
    return error instanceof pg.DatabaseError && SNAPSHOT_KEYS.has(error.constraint ?? "");
  if (code !== undefined) return TRANSIENT_STATES.has(code) || code.startsWith("08") || SOCKET_CODES.has(code);
  return CONNECTION_MESSAGES.some((start) => messageOf(error).startsWith(start));
}

/** True when the database cannot serve at the moment: the caller should answer 503 and try again later, never 500. */
export function isUnavailable(error: unknown): boolean {
  if (isTransient(error)) return true;
  const code = codeOf(error);
  if (code !== undefined) return UNAVAILABLE_STATES.has(code) || code.startsWith("58");
  return messageOf(error) === DEADLINE_MESSAGE;
}
