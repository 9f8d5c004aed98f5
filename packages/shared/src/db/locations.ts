import { type Database, withLocation } from "./database.ts";
import { storableText } from "./identifiers.ts";
import type { Plan } from "./tables.ts";

export interface Location {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly createdAt: Date;
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
  return row === undefined ? null : { id: row.id, name: row.name, plan: row.plan, createdAt: row.created_at };
}
