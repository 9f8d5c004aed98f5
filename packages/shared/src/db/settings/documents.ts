import { sql } from "kysely";
import { type AuditTrail, recordAudit } from "../audit-log.ts";
import { type Database, withLocation } from "../database.ts";

/**
 * Names of the documents: the rules' settings and exceptions, the facts that the location gave, those that were read from
 * HighLevel, the brand of its reports.
 */
export type SettingsName = "rules" | "facts" | "facts-read" | "brand";

/** A settings document at rest: sealed JSON (see `settingsContext` of the crypto room). */
export interface SettingsDocument {
  readonly name: SettingsName;
  /** Counts up from 1. */
  readonly version: number;
  readonly sealed: { readonly ciphertext: Buffer; readonly keyId: string };
  readonly updatedAt: Date;
  /** As the audit log names them. */
  readonly updatedBy: string;
}

interface SettingsRow {
  readonly name: SettingsName;
  readonly version: number;
  readonly ciphertext: Buffer;
  readonly encryption_key_id: string;
  readonly updated_at: Date;
  readonly updated_by: string;
}

/** The named settings documents of a location, as far as they were ever stored, in one round trip. */
export async function readSettings(
  database: Database,
  { locationId, names }: { readonly locationId: string; readonly names: readonly SettingsName[] },
): Promise<readonly SettingsDocument[]> {
  const { rows } = await sql<SettingsRow>`select * from read_settings(${locationId}, ${names})`.execute(
    database.kysely,
  );
  return rows.map(documentOf);
}

export type SaveSettingsOutcome =
  | { readonly outcome: "saved"; readonly document: SettingsDocument }
  /** Somebody else changed it since `expectedVersion`. */
  | { readonly outcome: "changed" };

/**
 * Stores a new version of a document and records it in the audit log.
 *
 * @param saved.expectedVersion the version that it replaces, 0 for none; null replaces any.
 */
export function saveSettings(
  database: Database,
  saved: {
    readonly locationId: string;
    readonly name: SettingsName;
    readonly sealed: SettingsDocument["sealed"];
    readonly expectedVersion: number | null;
  } & AuditTrail,
): Promise<SaveSettingsOutcome> {
  const { locationId, name, sealed, expectedVersion, actor } = saved;
  return withLocation(database, locationId, async (transaction) => {
    const { rows } = await sql<SettingsRow>`
      insert into location_settings as s (location_id, name, version, ciphertext, encryption_key_id, updated_by)
      select ${locationId}, ${name}, 1, ${sealed.ciphertext}, ${sealed.keyId}, ${actor}
      where ${expectedVersion}::integer is null or ${expectedVersion}::integer = 0
        or exists (select from location_settings where location_id = ${locationId} and name = ${name})
      on conflict (location_id, name) do update
        set version = s.version + 1, ciphertext = excluded.ciphertext, encryption_key_id = excluded.encryption_key_id,
            updated_at = now(), updated_by = excluded.updated_by
        where ${expectedVersion}::integer is null or s.version = ${expectedVersion}::integer
      returning *`.execute(transaction);
    const [row] = rows;
    if (row === undefined) return { outcome: "changed" };
    await recordAudit(transaction, saved, [{ locationId, action: "settings.saved", subject: name }]);
    return { outcome: "saved", document: documentOf(row) };
  });
}

function documentOf(row: SettingsRow): SettingsDocument {
  return {
    name: row.name,
    version: row.version,
    sealed: { ciphertext: row.ciphertext, keyId: row.encryption_key_id },
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}
