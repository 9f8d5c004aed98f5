import { type Database, withLocation } from "../database.ts";
import { storableText } from "../identifiers.ts";

/** Keeps the status of the first answer, so that repeats of the key are answered alike from now on. */
export async function settleIdempotency(
  database: Database,
  settled: {
    readonly locationId: string;
    readonly route: string;
    readonly key: string;
    readonly analysisId: string;
    readonly statusCode: number;
  },
): Promise<void> {
  await withLocation(database, settled.locationId, (transaction) =>
    transaction
      .updateTable("idempotency_keys")
      .set({ status_code: settled.statusCode })
      .where("location_id", "=", settled.locationId)
      .where("route", "=", settled.route)
      .where("key", "=", storableText(settled.key))
      .where("analysis_id", "=", settled.analysisId)
      .execute(),
  );
}
