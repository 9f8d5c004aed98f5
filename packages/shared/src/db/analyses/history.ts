import { sql } from "kysely";
import { type Database, withLocationInOrder } from "../database.ts";
import { isUuid, storableText } from "../identifiers.ts";
import type { AnalysisStatus } from "../tables.ts";
import type { PreviousAnalysis } from "./read.ts";

/** A place in the list: the last row seen. */
export interface HistoryCursor {
  /** Microseconds since 1970; a `Date` would lose the last three digits. */
  readonly createdAt: number;
  readonly id: string;
}

export interface HistoryFilters {
  readonly workflowId?: string | undefined;
  readonly status?: AnalysisStatus | undefined;
  readonly grade?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

export interface HistoryItem {
  readonly id: string;
  readonly workflowId: string | null;
  readonly workflowName: string;
  readonly status: AnalysisStatus;
  readonly score: number | null;
  readonly grade: string | null;
  readonly summary: Readonly<Record<string, number>> | null;
  readonly previous: PreviousAnalysis | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export interface HistoryPage {
  readonly items: readonly HistoryItem[];
  /** Opaque; null at the end. */
  readonly nextCursor: string | null;
}

/** As `previous_of` finds it, for each row of `analyses`; calling that would read the row anew. */
const previous = sql<PreviousAnalysis | null>`
  case when analyses.status = 'completed' then (
    select json_build_object('id', b.id, 'score', b.score, 'grade', b.grade, 'summary', b.summary) from analyses b
    where b.location_id = analyses.location_id and b.workflow_id = analyses.workflow_id and b.status = 'completed'
      and (b.created_at, b.id) < (analyses.created_at, analyses.id)
    order by b.created_at desc, b.id desc limit 1) end`;

/** One page of a location's analyses, newest first. Costs the same however long the history is. */
export async function historyPage(
  database: Database,
  wanted: {
    readonly locationId: string;
    readonly limit: number;
    readonly cursor: HistoryCursor | null;
    readonly filters: HistoryFilters;
  },
): Promise<HistoryPage> {
  const { locationId, limit, cursor, filters } = wanted;
  const rows = await withLocationInOrder(database, locationId, (transaction) => {
    let query = transaction
      .selectFrom("analyses")
      .select([
        "id",
        "workflow_id",
        "workflow_name",
        "status",
        "score",
        "grade",
        "summary",
        "created_at",
        "finished_at",
      ])
      .select(sql<number>`(extract(epoch from created_at) * 1000000)::bigint`.as("cursor_time"))
      .select(previous.as("previous"))
      .where("location_id", "=", locationId)
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit + 1);
    if (filters.workflowId !== undefined) query = query.where("workflow_id", "=", storableText(filters.workflowId));
    if (filters.status !== undefined) query = query.where("status", "=", sql.lit(filters.status));
    if (filters.grade !== undefined) query = query.where("grade", "=", storableText(filters.grade));
    if (filters.from !== undefined) query = query.where("created_at", ">=", filters.from);
    if (filters.to !== undefined) query = query.where("created_at", "<", filters.to);
    if (cursor !== null)
      query = query.where(
        sql<boolean>`(created_at, id) < (timestamptz 'epoch' + ${cursor.createdAt}::float8 * interval '1 microsecond', ${cursor.id}::uuid)`,
      );
    return query.execute();
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({
      id: row.id,
      workflowId: row.workflow_id,
      workflowName: row.workflow_name,
      status: row.status,
      score: row.score,
      grade: row.grade,
      summary: row.summary,
      previous: row.previous,
      createdAt: row.created_at,
      finishedAt: row.finished_at,
    })),
    nextCursor:
      rows.length > limit && last !== undefined
        ? encodeHistoryCursor({ createdAt: last.cursor_time, id: last.id })
        : null,
  };
}

export function encodeHistoryCursor(cursor: HistoryCursor): string {
  return Buffer.from(`${cursor.createdAt}|${cursor.id}`).toString("base64url");
}

/** The cursor in a text that came from outside; null when it is none. */
export function decodeHistoryCursor(text: string): HistoryCursor | null {
  const [createdAt = "", id = ""] = Buffer.from(text, "base64url").toString().split("|", 2);
  return /^\d{1,16}$/.test(createdAt) && isUuid(id) ? { createdAt: Number(createdAt), id } : null;
}
