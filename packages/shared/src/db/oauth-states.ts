import { sql } from "kysely";
import type { Database } from "./database.ts";

/** A sign-in under way, as it was begun. */
export interface OauthState {
  /** Where in the app to go afterwards: a relative address. */
  readonly returnTo: string | null;
  /** The location wanted of an agency's install. */
  readonly wantedLocation: string | null;
}

/** Remembers a sign-in by the SHA-256 of its state. */
export async function openOauthState(
  database: Database,
  state: OauthState & { readonly hash: Buffer; readonly lifeSeconds: number },
): Promise<void> {
  await sql`select open_oauth_state(${state.hash}, ${state.returnTo}, ${state.wantedLocation}, ${state.lifeSeconds})`.execute(
    database.kysely,
  );
}

/** The sign-in of this state, once; null when it is unknown, used or too old. */
export async function takeOauthState(database: Database, hash: Buffer): Promise<OauthState | null> {
  const { rows } = await sql<{ return_to: string | null; wanted_location: string | null }>`
    select * from take_oauth_state(${hash})`.execute(database.kysely);
  const row = rows[0];
  return row === undefined ? null : { returnTo: row.return_to, wantedLocation: row.wanted_location };
}
