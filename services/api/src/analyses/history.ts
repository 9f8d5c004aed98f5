import { AppError, type historyQuery } from "@workflow-debugger/shared/contract";
import {
  type Database,
  decodeHistoryCursor,
  type HistoryItem,
  historyPage,
  retryTransient,
} from "@workflow-debugger/shared/db";
import { page } from "../answers/envelope.ts";
import type { Validated } from "../middleware/validated.ts";

/** `GET /api/history`: one page of the location's analyses, newest first. */
export function listHistoryRoute({ database }: { readonly database: Database }) {
  return async function list(context: Validated<"query", typeof historyQuery>): Promise<Response> {
    const { limit, cursor, ...filters } = context.req.valid("query");
    const { locationId } = context.get("caller");
    const wanted = { locationId, limit, cursor: cursor === undefined ? null : placeOf(cursor), filters };
    const { items, nextCursor } = await retryTransient(() => historyPage(database, wanted));
    return page(context, items.map(historyEntry), { limit, nextCursor });
  };
}

function placeOf(cursor: string) {
  const place = decodeHistoryCursor(cursor);
  if (place !== null) return place;
  const message = "is no cursor of this list; take it from meta.pagination.nextCursor";
  throw new AppError("VALIDATION_FAILED", { details: [{ path: "/cursor", code: "cursor", message }] });
}

function historyEntry(item: HistoryItem) {
  return { ...item, createdAt: item.createdAt.toISOString(), finishedAt: item.finishedAt?.toISOString() ?? null };
}
