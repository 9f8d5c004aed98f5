import { type Database, withLocation } from "../database.ts";
import { isUuid } from "../identifiers.ts";

/** A drawing at rest: DEFLATE-compressed JSON, sealed with the context of its location. */
export interface SealedLayout {
  readonly keyId: string;
  readonly ciphertext: Buffer;
}

/** The drawing stored with a completed analysis of the location; null where there is none. */
export async function readLayout(
  database: Database,
  { locationId, id }: { readonly locationId: string; readonly id: string },
): Promise<SealedLayout | null> {
  if (!isUuid(id)) return null;
  const row = await withLocation(database, locationId, (transaction) =>
    transaction
      .selectFrom("analysis_results")
      .select(["layout", "encryption_key_id"])
      .where("analysis_id", "=", id)
      .where("location_id", "=", locationId)
      .executeTakeFirst(),
  );
  if (row === undefined || row.layout === null || row.encryption_key_id === null) return null;
  return { keyId: row.encryption_key_id, ciphertext: row.layout };
}
