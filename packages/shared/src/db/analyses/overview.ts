import { sql } from "kysely";
import type { Database } from "../database.ts";

export interface AnalysesOverview {
  readonly waiting: number;
  readonly active: number;
  /** Waiting with a due time still to come. */
  readonly delayed: number;
  /** Dead letters. */
  readonly dead: number;
  /** Age of the oldest analysis that is due and waits; null when none does. */
  readonly oldestWaitingMs: number | null;
}

/** Counts over all locations, from the rows themselves; reads the open rows only. Any role may ask. */
export async function analysesOverview(database: Database): Promise<AnalysesOverview> {
  const { rows } = await sql<{
    waiting: number;
    active: number;
    delayed: number;
    dead: number;
    oldest_waiting_ms: number | null;
  }>`select * from analyses_overview()`.execute(database.kysely);
  const row = rows[0];
  if (row === undefined) throw new Error("analyses_overview returned no row");
  return {
    waiting: row.waiting,
    active: row.active,
    delayed: row.delayed,
    dead: row.dead,
    oldestWaitingMs: row.oldest_waiting_ms,
  };
}

export interface WaitingWork {
  /** Analyses, audits and simulations over all locations, those that no dispatcher has taken yet. */
  readonly total: number;
  /** Locations that have at least as many as were asked for. */
  readonly crowded: readonly string[];
}

/** What waits for a dispatcher; costs the same whatever the length of the history. Any role may ask. */
export async function waitingWork(database: Database, wanted: { readonly crowdedFrom: number }): Promise<WaitingWork> {
  const { rows } = await sql<WaitingWork>`select * from waiting_work(${wanted.crowdedFrom})`.execute(database.kysely);
  const row = rows[0];
  if (row === undefined) throw new Error("waiting_work returned no row");
  return row;
}

/** Violations of the first four invariants. Every number must be zero. */
export interface InvariantViolations {
  /** Accepted (audited) analyses of the last day that have no row and were not removed by their owner. */
  readonly lostAccepted: number;
  /** Open rows older than the bound, while no operator holds them back. */
  readonly limbo: number;
  /** Of the last day: completed rows without a result, or results of rows that are not completed. */
  readonly effects: number;
  /** Of the last day: finished rows with a lease or without an end, running rows without a lease. */
  readonly unfenced: number;
}

/** The lowest id that a row of the last day can have: ids are UUIDs of version 7, which begin with their time. */
const FIRST_ID = sql`(lpad(to_hex(floor(extract(epoch from now() - interval '1 day') * 1000)::bigint), 12, '0')
  || repeat('0', 20))::uuid`;

/**
 * The auditor: for the worker's role, which sees all locations. Rows that were finished for a day cannot change any more, so
 * it costs the same however many there are.
 */
export async function auditInvariants(
  database: Database,
  bound: { readonly openForMs: number },
): Promise<InvariantViolations> {
  const { rows } = await sql<{ lost_accepted: number; limbo: number; effects: number; unfenced: number }>`
    select
      (select count(*) from audit_log accepted
       where accepted.action = 'analysis.submitted' and accepted.at > now() - interval '1 day'
         and not exists (select from analyses where id = accepted.subject::uuid)
         and not exists (select from audit_log removed
                         where removed.subject = accepted.subject and removed.action = 'analysis.removed')
      ) as lost_accepted,
      (select count(*) from analyses
       where status in ('queued', 'running')
         and greatest(created_at, due_at) < now() - make_interval(secs => ${bound.openForMs / 1000}::float8)
         and not exists (select from queue_pauses where job = 'analysis')
      ) as limbo,
      (select count(*) from (select id, status from analyses where id >= ${FIRST_ID}) a
         full join (select analysis_id from analysis_results where analysis_id >= ${FIRST_ID}) r on r.analysis_id = a.id
       where (a.status = 'completed') is distinct from (r.analysis_id is not null)
      ) as effects,
      (select count(*) from analyses
       where id >= ${FIRST_ID}
         and ((status in ('completed', 'failed', 'canceled')) is distinct from (finished_at is not null)
           or (status = 'running') is distinct from (lease_token is not null)
           or (lease_token is null) is distinct from (lease_until is null))
      ) as unfenced`.execute(database.kysely);
  const row = rows[0];
  if (row === undefined) throw new Error("the auditor's query returned no row");
  return { lostAccepted: row.lost_accepted, limbo: row.limbo, effects: row.effects, unfenced: row.unfenced };
}
