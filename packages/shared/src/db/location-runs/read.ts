import { sql } from "kysely";
import { type Database, withLocation } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import type { AnalysisStatus, LocationRunKind, RowFailure } from "../tables.ts";
import type { SealedPart } from "./complete.ts";

export interface LocationRunRecord {
  readonly id: string;
  readonly status: AnalysisStatus;
  readonly attempts: number;
  readonly generation: number;
  /** Workflows in all, and those that are done. */
  readonly total: number;
  readonly done: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly durationMs: number | null;
  readonly error: RowFailure | null;
}

/** A run's state in one round trip; null when the location has none of this kind and id. */
export async function getLocationRun(
  database: Database,
  { locationId, kind, id }: { readonly locationId: string; readonly kind: LocationRunKind; readonly id: string },
): Promise<LocationRunRecord | null> {
  if (!isUuid(id)) return null;
  const { rows } = await sql<{
    id: string;
    status: AnalysisStatus;
    attempt: number;
    generation: number;
    total: number;
    done: number;
    created_at: Date;
    started_at: Date | null;
    finished_at: Date | null;
    duration_ms: number | null;
    error: RowFailure | null;
  }>`select id, status, attempt, generation, total, done, created_at, started_at, finished_at, duration_ms, error
    from read_location_run(${locationId}, ${kind}, ${id})`.execute(database.kysely);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    status: row.status,
    attempts: row.attempt,
    generation: row.generation,
    total: row.total,
    done: row.done,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    durationMs: row.duration_ms,
    error: row.error,
  };
}

/** A part of the result of a location's completed run; null where there is none. */
export async function readRunPart(
  database: Database,
  { locationId, id, part }: { readonly locationId: string; readonly id: string; readonly part: string },
): Promise<SealedPart | null> {
  if (!isUuid(id)) return null;
  const row = await withLocation(database, locationId, (transaction) =>
    transaction
      .selectFrom("location_run_results")
      .select(["ciphertext", "encryption_key_id"])
      .where("run_id", "=", id)
      .where("part", "=", part)
      .where("location_id", "=", locationId)
      .executeTakeFirst(),
  );
  return row === undefined ? null : { part, ciphertext: row.ciphertext, keyId: row.encryption_key_id };
}
