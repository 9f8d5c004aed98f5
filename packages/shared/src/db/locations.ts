import { type Database, type DatabaseTransaction, withLocation } from "./database.ts";
import { storableText } from "./identifiers.ts";
import type { Plan } from "./tables.ts";

export interface Location {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly createdAt: Date;
  /** The agency it belongs to in HighLevel. */
  readonly companyId: string | null;
  readonly uninstalledAt: Date | null;
}

/** Creates the location, or changes its name and plan. For the worker's and the owner's role. */
export async function saveLocation(
  database: Database,
  location: { readonly id: string; readonly name: string; readonly plan: Plan },
): Promise<void> {
  const { id, plan } = location;
  const name = storableText(location.name);
  await database.kysely
    .insertInto("locations")
    .values({ id, name, plan })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ name, plan }))
    .execute();
}

/** A location as itself sees it; null when unknown. */
export async function getLocation(database: Database, id: string): Promise<Location | null> {
  const row = await withLocation(database, id, (transaction) =>
    transaction.selectFrom("locations").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row === undefined) return null;
  return {
    id: row.id,
    name: row.name,
    plan: row.plan,
    createdAt: row.created_at,
    companyId: row.company_id,
    uninstalledAt: row.uninstalled_at,
  };
}

/**
 * Makes a location known that signed in, or was installed through its agency; a new one is on the Free plan. What is
 * known of one already stays where `name` or `companyId` is null.
 */
export function connectLocation(database: Database, location: ConnectedLocation): Promise<void> {
  return withLocation(database, location.id, (transaction) => connectLocationWithin(transaction, location));
}

export interface ConnectedLocation {
  readonly id: string;
  /** Null: unknown, so that the one known stays. */
  readonly name: string | null;
  /** For one that is new while its name is unknown; its id when absent. */
  readonly provisionalName?: string | null;
  readonly companyId: string | null;
}

/** `connectLocation`, in a transaction that may write the location. */
export async function connectLocationWithin(
  transaction: DatabaseTransaction,
  { id, name, companyId, provisionalName }: ConnectedLocation,
): Promise<void> {
  const known = name === null ? {} : { name: storableText(name) };
  await transaction
    .insertInto("locations")
    .values({ id, name: storableText(provisionalName ?? id), ...known, company_id: companyId })
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet({ uninstalled_at: null, ...known, ...(companyId === null ? {} : { company_id: companyId }) }),
    )
    .execute();
}

/** Whether the location was uninstalled at or after this moment. */
export async function wasUninstalledSince(transaction: DatabaseTransaction, id: string, since: Date): Promise<boolean> {
  const row = await transaction
    .selectFrom("locations")
    .select("id")
    .where("id", "=", id)
    .where("uninstalled_at", ">=", since)
    .executeTakeFirst();
  return row !== undefined;
}

/** Gives a known location another name; false when it is unknown. */
export async function renameLocation(transaction: DatabaseTransaction, id: string, name: string): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable("locations")
    .set({ name: storableText(name) })
    .where("id", "=", id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
