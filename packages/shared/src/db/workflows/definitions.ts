import { sql, type Transaction } from "kysely";
import type { Submission } from "../analyses/submit.ts";
import { type AuditTrail, recordAudit } from "../audit-log.ts";
import { type Database, withLocation } from "../database.ts";
import { storableText } from "../identifiers.ts";
import type { DefinitionSource, Tables } from "../tables.ts";

export interface NewDefinition {
  readonly workflowId: string;
  readonly name: string;
  /** As the definition says it. */
  readonly status: string;
  readonly snapshot: Submission["snapshot"];
}

export interface StoredDefinition {
  readonly workflowId: string;
  readonly name: string;
  /** Counts up from 1 for each workflow. */
  readonly version: number;
  readonly source: DefinitionSource;
  readonly definitionAt: Date;
}

export interface SavedDefinition extends StoredDefinition {
  /** The newest version held the same bytes already. */
  readonly unchanged: boolean;
}

/** Versions of a workflow beyond these are forgotten, oldest first. */
const MOST_VERSIONS = 50;

/**
 * Keeps definitions as the newest versions of their workflows, all or none. One whose bytes are those of the newest
 * version makes no new one.
 */
export async function saveDefinitions(
  database: Database,
  saved: {
    readonly locationId: string;
    readonly source: DefinitionSource;
    readonly definitions: readonly NewDefinition[];
  } & AuditTrail,
): Promise<readonly SavedDefinition[]> {
  const { locationId, source, definitions } = saved;
  return withLocation(database, locationId, async (transaction) => {
    const results: SavedDefinition[] = [];
    // In order of id, so that two imports never wait for each other in a circle.
    for (const definition of definitions.toSorted((left, right) => (left.workflowId < right.workflowId ? -1 : 1))) {
      results.push(await saveOne(transaction, locationId, source, definition));
    }
    const added = results.filter(({ unchanged }) => !unchanged);
    const entries = added.map(({ workflowId }) => ({ locationId, action: "definition.saved", subject: workflowId }));
    await recordAudit(transaction, saved, entries);
    return results;
  });
}

async function saveOne(
  transaction: Transaction<Tables>,
  locationId: string,
  source: DefinitionSource,
  { workflowId, name: givenName, status, snapshot }: NewDefinition,
): Promise<SavedDefinition> {
  const name = storableText(givenName);
  // What HighLevel's own list says of a workflow is better than what a definition says. The row is locked either way.
  await sql`
    insert into workflows as w (location_id, id, name, status, listed)
    values (${locationId}, ${workflowId}, ${name}, ${storableText(status)}, false)
    on conflict (location_id, id) do update
      set stale_since = null, name = case when w.listed then w.name else excluded.name end,
          status = case when w.listed then w.status else excluded.status end`.execute(transaction);
  const newest = await newestVersion(transaction, locationId, workflowId);
  if (newest?.snapshot_sha256.equals(snapshot.sha256) === true) {
    return { ...stored(workflowId, newest), unchanged: true };
  }
  await transaction
    .insertInto("workflow_snapshots")
    .values({
      location_id: locationId,
      sha256: snapshot.sha256,
      ciphertext: snapshot.ciphertext,
      encryption_key_id: snapshot.keyId,
      size: snapshot.size,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const version = (newest?.version ?? 0) + 1;
  const row = await transaction
    .insertInto("workflow_definitions")
    .values({
      location_id: locationId,
      workflow_id: workflowId,
      version,
      snapshot_sha256: snapshot.sha256,
      name,
      source,
    })
    .returning(["version", "name", "source", "created_at"])
    .executeTakeFirstOrThrow();
  await transaction
    .deleteFrom("workflow_definitions")
    .where("location_id", "=", locationId)
    .where("workflow_id", "=", workflowId)
    .where("version", "<=", version - MOST_VERSIONS)
    .execute();
  return { ...stored(workflowId, row), unchanged: false };
}

function newestVersion(transaction: Transaction<Tables>, locationId: string, workflowId: string) {
  return transaction
    .selectFrom("workflow_definitions")
    .select(["version", "name", "source", "created_at", "snapshot_sha256"])
    .where("location_id", "=", locationId)
    .where("workflow_id", "=", workflowId)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
}

function stored(
  workflowId: string,
  row: {
    readonly version: number;
    readonly name: string;
    readonly source: DefinitionSource;
    readonly created_at: Date;
  },
): StoredDefinition {
  return { workflowId, name: row.name, version: row.version, source: row.source, definitionAt: row.created_at };
}

/** The newest definition of a workflow with its sealed bytes; null when none was handed in. */
export async function newestDefinition(
  database: Database,
  wanted: { readonly locationId: string; readonly workflowId: string },
): Promise<(StoredDefinition & { readonly snapshot: Submission["snapshot"] }) | null> {
  const { locationId, workflowId } = wanted;
  const row = await withLocation(database, locationId, (transaction) =>
    transaction
      .selectFrom("workflow_definitions as d")
      .innerJoin("workflow_snapshots as s", (join) =>
        join.onRef("s.location_id", "=", "d.location_id").onRef("s.sha256", "=", "d.snapshot_sha256"),
      )
      .select([
        "d.version",
        "d.name",
        "d.source",
        "d.created_at",
        "s.sha256",
        "s.ciphertext",
        "s.encryption_key_id",
        "s.size",
      ])
      .where("d.location_id", "=", locationId)
      .where("d.workflow_id", "=", workflowId)
      .orderBy("d.version", "desc")
      .limit(1)
      .executeTakeFirst(),
  );
  if (row === undefined) return null;
  const { sha256, ciphertext, encryption_key_id: keyId, size } = row;
  return { ...stored(workflowId, row), snapshot: { sha256, ciphertext, keyId, size } };
}
