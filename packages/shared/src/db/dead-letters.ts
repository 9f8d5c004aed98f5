import { sql } from "kysely";
import type { JobName } from "../contract/jobs.ts";
import type { AuditTrail } from "./audit-log.ts";
import type { Database } from "./database.ts";
import { isUuid } from "./identifiers.ts";
import type { RowFailure } from "./tables.ts";

/** Work that needs a person: its attempts are used up, or it was parked. */
export interface DeadLetter {
  readonly job: JobName;
  readonly id: string;
  readonly status: string;
  /** The location of an analysis; provider and type of a webhook. */
  readonly what: string;
  readonly attempts: number;
  readonly at: Date;
  readonly error: RowFailure | null;
}

/** Dead letters of every location, latest first. Any role may ask: whoever offers this guards the door. */
export async function deadLetters(
  database: Database,
  wanted: { readonly limit: number },
): Promise<readonly DeadLetter[]> {
  const { rows } = await sql<DeadLetter>`select * from dead_letters(${wanted.limit})`.execute(database.kysely);
  return rows;
}

export interface DeadLetterRef {
  readonly job: JobName;
  readonly id: string;
}

/** Hands it out anew, under a new generation and with all its attempts. False when there is no such dead letter. */
export function replayDeadLetter(database: Database, ref: DeadLetterRef, trail: AuditTrail): Promise<boolean> {
  return act(database, "replay_dead_letter", ref, trail);
}

/** Takes it off the list for good; the body of a webhook goes. False when there is no such dead letter. */
export function discardDeadLetter(database: Database, ref: DeadLetterRef, trail: AuditTrail): Promise<boolean> {
  return act(database, "discard_dead_letter", ref, trail);
}

async function act(
  database: Database,
  verb: "replay_dead_letter" | "discard_dead_letter",
  { job, id }: DeadLetterRef,
  { actor, requestId }: AuditTrail,
) {
  if (!isUuid(id)) return false;
  const { rows } = await sql<{ done: boolean }>`
    select ${sql.ref(verb)}(${job}, ${id}, ${actor}, ${requestId}) as done`.execute(database.kysely);
  return rows[0]?.done === true;
}
