import { rowKinds } from "@workflow-debugger/shared/db";
import type { Ledger } from "./ledger.ts";
import type { Query } from "./stack.ts";

/**
 * The database's side of the account. A trigger of the test's own notes every change of a row's state, so that an effect
 * that happened twice or a step backwards shows even where the row's last state looks sound.
 */

const TABLES = [...new Set(Object.values(rowKinds).map(({ table }) => table))];

/** For the superuser, once per database. */
export async function installTransitionLog(query: Query): Promise<void> {
  await query(`
    create schema fault_test;
    create table fault_test.transitions (
      at timestamptz not null default clock_timestamp(), tab text not null, id uuid not null,
      was text, becomes text not null, generation integer not null, attempt integer not null
    );
    create index on fault_test.transitions (id);
    create function fault_test.note() returns trigger language plpgsql security definer as $$
    begin
      if tg_op = 'INSERT' then
        insert into fault_test.transitions (tab, id, was, becomes, generation, attempt)
          values (tg_table_name, new.id, null, new.status, new.generation, new.attempt);
      elsif (new.status, new.generation, new.attempt) is distinct from (old.status, old.generation, old.attempt) then
        insert into fault_test.transitions (tab, id, was, becomes, generation, attempt)
          values (tg_table_name, new.id, old.status, new.status, new.generation, new.attempt);
      end if;
      return null;
    end $$;`);
  for (const table of TABLES) {
    await query(`create trigger fault_test after insert or update on public.${table}
      for each row execute function fault_test.note()`);
  }
}

const OPEN = "('queued', 'running')";

/** Accepted work that has not come to its end. */
export async function countOpen(query: Query, ledger: Ledger): Promise<number> {
  const [row] = await query<{ open: number }>(
    `select (select count(*)::int from analyses where id = any($1::uuid[]) and status in ${OPEN})
       + (select count(*)::int from webhook_events where provider = 'ghl' and event_id = any($2) and status in ${OPEN}) as open`,
    [[...ledger.analyses], [...ledger.webhooks]],
  );
  return row?.open ?? 0;
}

export interface Account {
  readonly accepted: number;
  readonly finished: number;
  /** Accepted, and not finished as it should: missing, still open, or failed. */
  readonly lost: number;
  /** Ends, results or rows beyond the one that each accepted request may have. */
  readonly duplicated: number;
  /** Steps that a row's state may not take. */
  readonly forbidden: readonly string[];
}

/** Holds what clients were promised against what the database has. @param mayFail ids for which `failed` is the right end. */
export async function audit(query: Query, ledger: Ledger, mayFail: ReadonlySet<string> = new Set()): Promise<Account> {
  const analyses = [...ledger.analyses];
  const webhooks = [...ledger.webhooks];
  const accepted = analyses.length + webhooks.length;
  const [row] = await query<{ analyses: number; webhooks: number; twice: number; several: number; strays: number }>(
    `with mine as (
       select id, 'analyses' as tab from unnest($1::uuid[]) as given (id)
       union all select id, 'webhook_events' from webhook_events where provider = 'ghl' and event_id = any($2)
     ), ends as (
       select t.id, count(*) as times from fault_test.transitions t join mine using (id, tab)
       where t.becomes not in ${OPEN} and t.was is distinct from t.becomes and not (t.id = any($3::uuid[])) group by t.id
     )
     select
       (select count(*)::int from analyses a where a.id = any($1::uuid[])
          and ((a.status = 'completed' and exists (select from analysis_results r where r.analysis_id = a.id))
            or (a.status = 'failed' and a.id = any($3::uuid[])))) as analyses,
       (select count(*)::int from webhook_events
          where provider = 'ghl' and event_id = any($2) and status = 'processed') as webhooks,
       (select coalesce(sum(times - 1), 0)::int from ends) as twice,
       (select count(*)::int from (select event_id from webhook_events where provider = 'ghl' and event_id = any($2)
          group by event_id having count(*) > 1) s) as several,
       -- Rows that no client was told of: a repeated request that was not recognised.
       (select count(*)::int from analyses where location_id = any($4) and status <> 'canceled' and not (id = any($1::uuid[]))) as strays`,
    [analyses, webhooks, [...mayFail], ledger.tenants.map(({ locationId }) => locationId)],
  );
  if (row === undefined) throw new Error("the audit returned no row");
  const finished = row.analyses + row.webhooks;
  return {
    accepted,
    finished,
    lost: accepted - finished,
    duplicated: row.twice + row.several + row.strays,
    forbidden: await forbiddenSteps(query),
  };
}

/** Steps out of a final state (but a replay's under a new generation), and generations or attempts that go backwards. */
async function forbiddenSteps(query: Query): Promise<readonly string[]> {
  const rows = await query<{ step: string }>(
    `select distinct tab || ': ' || coalesce(was, 'nothing') || ' to ' || becomes as step from (
       select *, lag(generation) over (partition by id order by at, generation) as generation_before
       from fault_test.transitions) t
     where (was in ('completed', 'canceled', 'processed', 'ignored'))
       or (was in ('failed', 'parked') and becomes <> 'queued')
       or (was is null and becomes not in ('queued', 'completed'))
       or generation < generation_before`,
  );
  return rows.map(({ step }) => step);
}

/** A start of work that was broken off. */
export interface BrokenStart {
  /** From 1. */
  readonly attempt: number;
  /** From the kill of its worker to the next start. Milliseconds. */
  readonly ms: number;
}

/** All starts that the kills broke off, from the one that waited least for the next. */
export function brokenStarts(query: Query, ledger: Ledger, killedAt: readonly Date[]): Promise<readonly BrokenStart[]> {
  return query<BrokenStart>(
    `select attempt, (extract(epoch from next_at - killed) * 1000)::float8 as ms from (
       select at, becomes, attempt, lead(at) over (partition by id order by at) as ended_at,
         (select min(n.at) from fault_test.transitions n where n.id = t.id and n.becomes = 'running' and n.at > t.at) as next_at
       from fault_test.transitions t where id = any($2::uuid[])) run
     join lateral (select min(k) as killed from unnest($1::timestamptz[]) k where k > run.at and k < run.ended_at) killing on killed is not null
     where run.becomes = 'running' and next_at is not null order by ms`,
    [killedAt, [...ledger.analyses]],
  );
}

/** From the last kill to the next start of work that had been begun before it and had not ended; the longest. Milliseconds. */
export async function lastRestart(query: Query, ledger: Ledger, killedAt: Date): Promise<number> {
  const [row] = await query<{ ms: number | null }>(
    `select max(extract(epoch from next_at - $1::timestamptz) * 1000)::float8 as ms from (
       select min(at) filter (where becomes = 'running' and at > $1) as next_at,
         bool_or(becomes = 'running' and at < $1) as begun, bool_or(becomes not in ${OPEN} and at < $1) as ended
       from fault_test.transitions where id = any($2::uuid[]) group by id) work
     where begun and not ended`,
    [killedAt, [...ledger.analyses]],
  );
  return row?.ms ?? 0;
}

/** From each moment to the end of the last work that had been accepted before it; the longest. Milliseconds. */
export async function longestDrain(query: Query, ledger: Ledger, moments: readonly Date[]): Promise<number | null> {
  const [row] = await query<{ ms: number | null }>(
    `with mine as (
       select id, min(at) as accepted_at, max(at) as ended_at from fault_test.transitions
       where id = any($1::uuid[]) or id in (select id from webhook_events where provider = 'ghl' and event_id = any($2))
       group by id
     )
     select max(extract(epoch from ended_at - moment) * 1000)::float8 as ms
     from mine join lateral (select max(m) as moment from unnest($3::timestamptz[]) m where m > accepted_at and m < ended_at) m
       on moment is not null`,
    [[...ledger.analyses], [...ledger.webhooks], moments],
  );
  return row?.ms ?? null;
}
