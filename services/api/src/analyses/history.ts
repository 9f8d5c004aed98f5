import type { Plan } from "@workflow-debugger/engine/report";
import { planLimits } from "@workflow-debugger/shared/billing";
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
import { comparedWithPrevious } from "./previous.ts";

/** `GET /api/history`: one page of the location's analyses, newest first. */
export function listHistoryRoute({ database }: { readonly database: Database }) {
  return async function list(context: Validated<"query", typeof historyQuery>): Promise<Response> {
    const { limit, cursor, ...filters } = context.req.valid("query");
    const { locationId, plan } = context.get("caller");
    const from = reachOf(plan, filters.from);
    const place = cursor === undefined ? null : placeOf(cursor);
    const wanted = { locationId, limit, cursor: place, filters: { ...filters, from } };
    const { items, nextCursor } = await retryTransient(() => historyPage(database, wanted));
    return page(context, items.map(historyEntry), { limit, nextCursor });
  };
}

/** How far back the plan lets the history reach, or the caller asks, whichever is nearer. */
function reachOf(plan: Plan, from: Date | undefined): Date | undefined {
  const { historyDays } = planLimits[plan];
  if (historyDays === null) return from;
  const earliest = new Date(Date.now() - historyDays * 86_400_000);
  return from === undefined || from < earliest ? earliest : from;
}

function placeOf(cursor: string) {
  const place = decodeHistoryCursor(cursor);
  if (place !== null) return place;
  const message = "is no cursor of this list; take it from meta.pagination.nextCursor";
  throw new AppError("VALIDATION_FAILED", { details: [{ path: "/cursor", code: "cursor", message }] });
}

function historyEntry(item: HistoryItem) {
  const { createdAt, finishedAt } = item;
  return {
    ...item,
    ...comparedWithPrevious(item),
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
