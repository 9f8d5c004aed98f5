import { AppError, type DegradedReason, degradedReason, type workflowsQuery } from "@workflow-debugger/shared/contract";
import { retryTransient, syncWorkflows, type WorkflowItem, workflowsPage } from "@workflow-debugger/shared/db";
import { GhlError } from "@workflow-debugger/shared/ghl";
import { page } from "../answers/envelope.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";

/** For HighLevel's list; afterwards the last known one is shown. Milliseconds. */
const PATIENCE_MS = 8_000;
const SCOPE = "workflows.readonly";

/** `GET /api/workflows`: HighLevel's list, made known on the first page; the pages are read from what is known. */
export function listWorkflowsRoute({ database, highLevel, log }: Pick<Dependencies, "database" | "highLevel" | "log">) {
  return async function list(context: Validated<"query", typeof workflowsQuery>): Promise<Response> {
    const { limit, cursor } = context.req.valid("query");
    const { locationId } = context.get("caller");
    const place = cursor === undefined ? null : placeOf(cursor);
    const reason = place === null ? await readFromHighLevel(locationId) : place.degradedReason;
    const { items, next } = await retryTransient(() => workflowsPage(database, { locationId, limit, cursor: place }));
    const nextCursor = next === null ? null : cursorOf({ ...next, degradedReason: reason });
    const state = { degraded: reason !== null, degradedReason: reason };
    return page(context, items.map(workflowEntry), { limit, nextCursor }, state);
  };

  /** Null when the known list is HighLevel's; else why it is not. */
  async function readFromHighLevel(locationId: string): Promise<DegradedReason | null> {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const workflows = await highLevel.tokens.use({ kind: "location", id: locationId }, ({ token, scopes }) => {
        if (scopes.length > 0 && !scopes.includes(SCOPE)) {
          throw new GhlError("auth", `the scope ${SCOPE} is not granted`, { final: true });
        }
        return highLevel.client.workflows(token, locationId, signal);
      });
      await syncWorkflows(database, { locationId, workflows });
      return null;
    } catch (error) {
      if (!(error instanceof GhlError)) throw error;
      log.warn({ locationId, category: error.category, reason: error.message }, "HighLevel's list is not to be had");
      return error.category;
    }
  }
}

interface Place {
  readonly name: string;
  readonly id: string;
  readonly degradedReason: DegradedReason | null;
}

function cursorOf({ name, id, degradedReason: reason }: Place): string {
  return Buffer.from(JSON.stringify([name, id, reason])).toString("base64url");
}

function placeOf(cursor: string): Place {
  const [name, id, reason] = arrayIn(Buffer.from(cursor, "base64url").toString());
  const known = degradedReason.nullable().safeParse(reason);
  if (isPlain(name) && isPlain(id) && known.success) return { name, id, degradedReason: known.data };
  const message = "is no cursor of this list; take it from meta.pagination.nextCursor";
  throw new AppError("VALIDATION_FAILED", { details: [{ path: "/cursor", code: "cursor", message }] });
}

function arrayIn(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** A text that the database can compare with. */
function isPlain(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\0");
}

function workflowEntry({ lastAnalysis, ...item }: WorkflowItem) {
  return {
    ...item,
    createdAt: item.createdAt?.toISOString() ?? null,
    updatedAt: item.updatedAt?.toISOString() ?? null,
    definitionAt: item.definitionAt?.toISOString() ?? null,
    lastAnalysis: lastAnalysis === null ? null : { ...lastAnalysis, at: lastAnalysis.at.toISOString() },
  };
}
