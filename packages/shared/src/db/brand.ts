import { type AuditTrail, recordAudit } from "./audit-log.ts";
import { type Database, withLocation } from "./database.ts";

/** White label: whose reports these are. Null is not set. */
export interface StoredBrand {
  readonly name: string | null;
  /** `data:image/…;base64,…`. */
  readonly logo: string | null;
  /** `#rrggbb`. */
  readonly colour: string | null;
}

const NO_BRAND: StoredBrand = { name: null, logo: null, colour: null };

export async function readBrand(database: Database, locationId: string): Promise<StoredBrand> {
  const row = await withLocation(database, locationId, (transaction) =>
    transaction
      .selectFrom("brands")
      .select(["name", "logo", "colour"])
      .where("location_id", "=", locationId)
      .executeTakeFirst(),
  );
  return row ?? NO_BRAND;
}

/** Puts the brand in place of the one before. */
export async function saveBrand(
  database: Database,
  { locationId, brand, ...trail }: { readonly locationId: string; readonly brand: StoredBrand } & AuditTrail,
): Promise<void> {
  await withLocation(database, locationId, async (transaction) => {
    await transaction
      .insertInto("brands")
      .values({ location_id: locationId, ...brand })
      .onConflict((conflict) => conflict.column("location_id").doUpdateSet({ ...brand }))
      .execute();
    await recordAudit(transaction, trail, [{ locationId, action: "brand.saved", subject: locationId }]);
  });
}
