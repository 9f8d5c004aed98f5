import { sql } from "kysely";
import { type Database, withLocation } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import type { AnalysisStatus, RowFailure } from "../tables.ts";

/** The analysis of the same workflow that was completed before another. */
export interface PreviousAnalysis {
  readonly id: string;
  readonly score: number;
  readonly grade: string;
  readonly summary: Readonly<Record<string, number>>;
}

/** An analysis without its report. */
export interface AnalysisState {
  readonly id: string;
  readonly status: AnalysisStatus;
  readonly workflowId: string | null;
  readonly workflowName: string;
  readonly attempts: number;
  readonly generation: number;
  readonly cached: boolean;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly durationMs: number | null;
  readonly engineVersion: string;
  /** From when the stored definition is that was analysed; null for one that came with the request. */
  readonly definitionAt: Date | null;
  readonly score: number | null;
  readonly grade: string | null;
  readonly summary: Readonly<Record<string, number>> | null;
  readonly error: RowFailure | null;
  /** Null until completed, and when there is none. */
  readonly previous: PreviousAnalysis | null;
}

export interface AnalysisRecord extends AnalysisState {
  /** JSON text of the whole report, ungated; null until completed, or when not asked for. */
  readonly reportJson: string | null;
}

interface StateRow {
  readonly id: string;
  readonly status: AnalysisStatus;
  readonly workflow_id: string | null;
  readonly workflow_name: string;
  readonly attempt: number;
  readonly generation: number;
  readonly cached: boolean;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly duration_ms: number | null;
  readonly engine_version: string;
  readonly score: number | null;
  readonly grade: string | null;
  readonly summary: Record<string, number> | null;
  readonly error: RowFailure | null;
  readonly definition_at: Date | null;
  readonly previous: PreviousAnalysis | null;
}

/** One analysis of a location in one round trip; null when the location has none of this id. */
export async function getAnalysis(
  database: Database,
  wanted: { readonly locationId: string; readonly id: string; readonly report: boolean },
): Promise<AnalysisRecord | null> {
  if (!isUuid(wanted.id)) return null;
  const { rows } = await sql<StateRow & { readonly report: string | null }>`
    select a.*, definition_of(a.id) as definition_at, previous_of(a.id) as previous
    from read_analysis(${wanted.locationId}, ${wanted.id}, ${wanted.report}) a`.execute(database.kysely);
  const row = rows[0];
  return row === undefined ? null : { ...stateOf(row), reportJson: row.report };
}

/**
 * The states of several analyses in one round trip, in the order asked for, each as its own location sees it; null where
 * that has none of this id.
 */
export async function getAnalysisStates(
  database: Database,
  wanted: readonly { readonly locationId: string; readonly id: string }[],
): Promise<readonly (AnalysisState | null)[]> {
  const states: (AnalysisState | null)[] = wanted.map(() => null);
  const places = wanted.flatMap(({ id }, place) => (isUuid(id) ? [place] : []));
  if (places.length === 0) return states;
  const column = (key: "locationId" | "id") => places.map((place) => wanted[place]?.[key]);
  const { rows } = await sql<StateRow & { readonly place: number }>`
    select * from read_analyses(${column("locationId")}::text[], ${column("id")}::uuid[])`.execute(database.kysely);
  for (const row of rows) states[places[row.place - 1] ?? -1] = stateOf(row);
  return states;
}

function stateOf(row: StateRow): AnalysisState {
  return {
    id: row.id,
    status: row.status,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    attempts: row.attempt,
    generation: row.generation,
    cached: row.cached,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    durationMs: row.duration_ms,
    engineVersion: row.engine_version,
    definitionAt: row.definition_at,
    score: row.score,
    grade: row.grade,
    summary: row.summary,
    error: row.error,
    previous: row.previous,
  };
}

/** W3C `traceparent` of the request that an analysis came with; null when it had none. */
export async function analysisTrace(
  database: Database,
  wanted: { readonly locationId: string; readonly id: string },
): Promise<string | null> {
  const row = await withLocation(database, wanted.locationId, (transaction) =>
    transaction
      .selectFrom("analyses")
      .select("traceparent")
      .where("id", "=", wanted.id)
      .where("location_id", "=", wanted.locationId)
      .executeTakeFirst(),
  );
  return row?.traceparent ?? null;
}
