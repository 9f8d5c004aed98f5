import { sql } from "kysely";
import { type Database, withLocation } from "../database.ts";
import { storableText } from "../identifiers.ts";

/** A workflow as HighLevel lists it. */
export interface ListedWorkflow {
  readonly id: string;
  readonly name: string;
  /** `draft` or `published`. */
  readonly status: string;
  readonly version: number | null;
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
}

/**
 * Makes HighLevel's list the known one: new and changed workflows are kept, those that are gone are forgotten unless a
 * definition was handed in.
 */
export async function syncWorkflows(
  database: Database,
  { locationId, workflows }: { readonly locationId: string; readonly workflows: readonly ListedWorkflow[] },
): Promise<void> {
  const rows = JSON.stringify(
    workflows.map(({ id, name, status, version, createdAt, updatedAt }) => ({
      id: storableText(id),
      name: storableText(name),
      status: storableText(status),
      version,
      ghl_created_at: createdAt,
      ghl_updated_at: updatedAt,
    })),
  );
  await withLocation(database, locationId, async (transaction) => {
    await sql`
      with listed as (
        select distinct on (id) * from json_to_recordset(${rows}::json)
          as row(id text, name text, status text, version int, ghl_created_at timestamptz, ghl_updated_at timestamptz)
        where id <> ''
      ), gone as (
        delete from workflows w
        where location_id = ${locationId} and listed and not exists (select from listed where listed.id = w.id)
          and not exists (select from workflow_definitions d where d.location_id = w.location_id and d.workflow_id = w.id)
      ), unlisted as (
        update workflows w set listed = false
        where location_id = ${locationId} and listed and not exists (select from listed where listed.id = w.id)
          and exists (select from workflow_definitions d where d.location_id = w.location_id and d.workflow_id = w.id)
      )
      insert into workflows as w (location_id, id, name, status, version, ghl_created_at, ghl_updated_at, listed)
      select ${locationId}, id, name, status, version, ghl_created_at, ghl_updated_at, true from listed
      on conflict (location_id, id) do update
        set name = excluded.name, status = excluded.status, version = excluded.version,
            ghl_created_at = excluded.ghl_created_at, ghl_updated_at = excluded.ghl_updated_at, listed = true
        where (w.name, w.status, w.version, w.ghl_created_at, w.ghl_updated_at, w.listed) is distinct from
          (excluded.name, excluded.status, excluded.version, excluded.ghl_created_at, excluded.ghl_updated_at, true)
    `.execute(transaction);
  });
}
