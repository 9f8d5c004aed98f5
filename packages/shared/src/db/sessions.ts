import { sql } from "kysely";
import { type AuditTrail, recordAudit } from "./audit-log.ts";
import { type Database, type DatabaseTransaction, withLocation } from "./database.ts";
import { isUuid, storableText } from "./identifiers.ts";
import type { Plan } from "./tables.ts";

export interface Session {
  readonly id: string;
  readonly locationId: string;
  readonly companyId: string | null;
  readonly plan: Plan;
  /** HighLevel's id of the person, where it told us. */
  readonly userId: string | null;
  /** Opened by a page embedded in HighLevel. */
  readonly embedded: boolean;
  readonly expiresAt: Date;
}

/** How long a session lives: from its last use, and at all. */
export const SESSION_SLIDING_SECONDS = 7 * 86_400;
export const SESSION_LONGEST_SECONDS = 30 * 86_400;

/** Opens a session; the audit log keeps the sign-in. `hash` is the SHA-256 of the id in the cookie. */
export async function openSession(
  database: Database,
  session: {
    /** UUIDv7 made by the caller; names the session in the audit log. */
    readonly id: string;
    readonly locationId: string;
    readonly hash: Buffer;
    readonly userId: string | null;
    readonly embedded: boolean;
    readonly requestId: string;
  },
): Promise<void> {
  const { id, locationId, requestId } = session;
  await withLocation(database, locationId, async (transaction) => {
    await transaction
      .insertInto("sessions")
      .values({
        id,
        location_id: locationId,
        hash: session.hash,
        user_id: session.userId === null ? null : storableText(session.userId),
        embedded: session.embedded,
        expires_at: sql<Date>`now() + make_interval(secs => ${SESSION_SLIDING_SECONDS})`,
        ends_at: sql<Date>`now() + make_interval(secs => ${SESSION_LONGEST_SECONDS})`,
      })
      .execute();
    const action = session.embedded ? "session.opened_embedded" : "session.opened";
    await recordAudit(transaction, { actor: `session:${id}`, requestId }, [{ locationId, action, subject: id }]);
  });
}

/** The session behind a cookie's SHA-256, or null when unknown, ended or expired. Its life slides at most once a minute. */
export async function authenticateSession(database: Database, hash: Buffer): Promise<Session | null> {
  const { rows } = await sql<{
    session_id: string;
    location_id: string;
    company_id: string | null;
    plan: Plan;
    user_id: string | null;
    embedded: boolean;
    expires_at: Date;
  }>`select * from authenticate_session(${hash}, ${SESSION_SLIDING_SECONDS})`.execute(database.kysely);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.session_id,
    locationId: row.location_id,
    companyId: row.company_id,
    plan: row.plan,
    userId: row.user_id,
    embedded: row.embedded,
    expiresAt: row.expires_at,
  };
}

/** Gives the session a new id, known by `hash`; the old one is void at once. False when another did so before. */
export async function rotateSession(
  database: Database,
  session: {
    readonly id: string;
    readonly locationId: string;
    readonly oldHash: Buffer;
    readonly hash: Buffer;
  } & AuditTrail,
): Promise<boolean> {
  if (!isUuid(session.id)) return false;
  return withLocation(database, session.locationId, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable("sessions")
      .set({
        hash: session.hash,
        last_used_at: sql<Date>`now()`,
        expires_at: sql<Date>`least(now() + make_interval(secs => ${SESSION_SLIDING_SECONDS}), ends_at)`,
      })
      .where("id", "=", session.id)
      .where("hash", "=", session.oldHash)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    const { locationId, id } = session;
    await recordAudit(transaction, session, [{ locationId, action: "session.rotated", subject: id }]);
    return true;
  });
}

/**
 * Ends the sessions of a person of HighLevel's in a location, or in all of a company: what the person may do changed. For
 * the worker's role, in the transaction of the event that told of it.
 */
export async function endSessionsOfUser(
  transaction: DatabaseTransaction,
  user: { readonly userId: string; readonly locationId: string | null; readonly companyId: string | null } & AuditTrail,
): Promise<number> {
  const { userId, locationId, companyId } = user;
  const ended = await transaction
    .deleteFrom("sessions as s")
    .using("locations as l")
    .whereRef("l.id", "=", "s.location_id")
    .where("s.user_id", "=", userId)
    .where((eb) => (locationId === null ? eb("l.company_id", "=", companyId) : eb("l.id", "=", locationId)))
    .returning(["s.id", "s.location_id"])
    .execute();
  const entries = ended.map(({ id, location_id }) => ({
    locationId: location_id,
    action: "session.ended",
    subject: id,
  }));
  await recordAudit(transaction, user, entries);
  return ended.length;
}

/** Ends one session, or every session of the location; how many were ended. */
export async function endSessions(
  database: Database,
  ended: { readonly locationId: string; readonly sessions: "all" | { readonly id: string } } & AuditTrail,
): Promise<number> {
  const { locationId, sessions } = ended;
  if (sessions !== "all" && !isUuid(sessions.id)) return 0;
  return withLocation(database, locationId, async (transaction) => {
    const rows = await transaction
      .deleteFrom("sessions")
      .where("location_id", "=", locationId)
      .$if(sessions !== "all", (query) => query.where("id", "=", sessions === "all" ? "" : sessions.id))
      .returning("id")
      .execute();
    const entries = rows.map(({ id }) => ({ locationId, action: "session.ended", subject: id }));
    await recordAudit(transaction, ended, entries);
    return rows.length;
  });
}

/** Removes what expired: sessions, and sign-ins that nobody finished. For the worker's role. */
export async function removeExpiredSessions(database: Database): Promise<void> {
  await database.kysely
    .deleteFrom("sessions")
    .where((eb) => eb.or([eb("expires_at", "<", sql<Date>`now()`), eb("ends_at", "<", sql<Date>`now()`)]))
    .execute();
  await database.kysely.deleteFrom("oauth_states").where("expires_at", "<", sql<Date>`now()`).execute();
}
