import { sql } from "kysely";
import { type Database, withLocation } from "../database.ts";

/** The newest stored definition of a workflow, without its bytes. */
export interface DefinitionRef {
  readonly workflowId: string;
  readonly definitionAt: Date;
  readonly sha256: Buffer;
  /** Bytes before encryption. */
  readonly size: number;
}

/** The newest stored definition of each workflow of a location, by id; at most `limit`. */
export async function newestDefinitions(
  database: Database,
  { locationId, limit }: { readonly locationId: string; readonly limit: number },
): Promise<readonly DefinitionRef[]> {
  const { rows } = await withLocation(database, locationId, (transaction) =>
    sql<{ workflow_id: string; created_at: Date; sha256: Buffer; size: number }>`
      select newest.workflow_id, newest.created_at, s.sha256, s.size
      from workflows w
        cross join lateral (
          select d.workflow_id, d.created_at, d.snapshot_sha256 from workflow_definitions d
          where d.location_id = w.location_id and d.workflow_id = w.id order by d.version desc limit 1
        ) newest
        join workflow_snapshots s on s.location_id = w.location_id and s.sha256 = newest.snapshot_sha256
      where w.location_id = ${locationId}
      order by newest.workflow_id limit ${limit}`.execute(transaction),
  );
  return rows.map(({ workflow_id: workflowId, created_at: definitionAt, sha256, size }) => {
    return { workflowId, definitionAt, sha256, size };
  });
}
