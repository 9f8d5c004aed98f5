import { sql } from "kysely";
import { type Database, withLocation, withLocationInOrder } from "../database.ts";
import type { ListedWorkflow } from "./sync.ts";

/** A place in the list: the last workflow seen. */
export interface WorkflowsCursor {
  readonly name: string;
  readonly id: string;
}

/** A workflow as it is known; what only HighLevel's list tells is null for one that only a definition tells of. */
export interface WorkflowItem extends ListedWorkflow {
  /** Of the newest definition handed in. */
  readonly definitionAt: Date | null;
  /** The workflow changed since, as far as HighLevel told. */
  readonly definitionStale: boolean;
  readonly lastAnalysis: {
    readonly id: string;
    readonly score: number;
    readonly grade: string;
    readonly at: Date;
  } | null;
}

interface WorkflowRow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly version: number | null;
  readonly ghl_created_at: Date | null;
  readonly ghl_updated_at: Date | null;
  readonly definition_at: Date | null;
  readonly definition_stale: boolean;
  readonly analysis_id: string | null;
  readonly score: number | null;
  readonly grade: string | null;
  readonly finished_at: Date | null;
}

/** One page of a location's known workflows by name, each with its last completed analysis. */
export async function workflowsPage(
  database: Database,
  wanted: { readonly locationId: string; readonly limit: number; readonly cursor: WorkflowsCursor | null },
): Promise<{ readonly items: readonly WorkflowItem[]; readonly next: WorkflowsCursor | null }> {
  const { locationId, limit, cursor } = wanted;
  const after =
    cursor === null
      ? sql``
      : sql`and (w.name collate "C", w.id collate "C") > (${cursor.name} collate "C", ${cursor.id} collate "C")`;
  const { rows } = await withLocationInOrder(database, locationId, (transaction) =>
    sql<WorkflowRow>`
      select w.id, w.name, w.status, w.version, w.ghl_created_at, w.ghl_updated_at, d.created_at as definition_at,
        d.created_at is not null and (w.stale_since is not null or coalesce(w.ghl_updated_at > d.created_at, false))
          as definition_stale,
        a.id as analysis_id, a.score, a.grade, a.finished_at
      from workflows w
        left join lateral (
          select created_at from workflow_definitions
          where location_id = w.location_id and workflow_id = w.id order by version desc limit 1
        ) d on true
        left join lateral (
          select id, score, grade, finished_at from analyses
          where location_id = w.location_id and workflow_id = w.id and status = 'completed'
          order by created_at desc, id desc limit 1
        ) a on true
      where w.location_id = ${locationId} ${after}
      order by w.name collate "C", w.id collate "C" limit ${limit + 1}`.execute(transaction),
  );
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(itemOf),
    next: rows.length > limit && last !== undefined ? { name: last.name, id: last.id } : null,
  };
}

function itemOf(row: WorkflowRow): WorkflowItem {
  const { analysis_id: id, score, grade, finished_at: at } = row;
  const analysed = id !== null && score !== null && grade !== null && at !== null;
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    version: row.version,
    createdAt: row.ghl_created_at,
    updatedAt: row.ghl_updated_at,
    definitionAt: row.definition_at,
    definitionStale: row.definition_stale,
    lastAnalysis: analysed ? { id, score, grade, at } : null,
  };
}

/** Whether the location knows a workflow of this id. */
export async function knowsWorkflow(
  database: Database,
  wanted: { readonly locationId: string; readonly workflowId: string },
): Promise<boolean> {
  const row = await withLocation(database, wanted.locationId, (transaction) =>
    transaction
      .selectFrom("workflows")
      .select("id")
      .where("location_id", "=", wanted.locationId)
      .where("id", "=", wanted.workflowId)
      .executeTakeFirst(),
  );
  return row !== undefined;
}
