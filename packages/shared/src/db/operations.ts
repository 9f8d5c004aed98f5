import { sql } from "kysely";
import type { JobName } from "../contract/jobs.ts";
import type { InvariantViolations } from "./analyses/overview.ts";
import type { AuditTrail } from "./audit-log.ts";
import type { Database } from "./database.ts";
import { rowKinds } from "./queued-rows/row-kind.ts";

/** What operators see of the whole installation, over all locations. Any role may ask: whoever offers it guards the door. */

export interface QueueOverview {
  readonly job: JobName;
  /** Due and not taken yet. */
  readonly waiting: number;
  readonly active: number;
  /** With a due time still to come. */
  readonly delayed: number;
  /** Dead letters. */
  readonly dead: number;
  /** Age of the oldest row that is due and waits; null when none does. */
  readonly oldestWaitingMs: number | null;
  /** Since when nothing is taken from it; null when it runs. */
  readonly pausedAt: Date | null;
}

interface QueueRow {
  readonly job: JobName;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly dead: number;
  readonly oldest_waiting_ms: number | null;
  readonly paused_at: Date | null;
}

/** Every queue as its rows tell it; reads the open rows only. */
export async function queueOverview(database: Database): Promise<readonly QueueOverview[]> {
  const kinds = Object.entries(rowKinds);
  const { rows } = await sql<QueueRow>`
    select kind.job, o.*, p.paused_at
    from unnest(${kinds.map(([job]) => job)}::text[], ${kinds.map(([, { table }]) => table)}::text[]) as kind (job, rows)
      cross join lateral queue_overview(kind.rows) o
      left join queue_pauses p on p.job = kind.job
    order by kind.job`.execute(database.kysely);
  return rows.map(({ oldest_waiting_ms, paused_at, ...row }) => ({
    ...row,
    oldestWaitingMs: oldest_waiting_ms,
    pausedAt: paused_at,
  }));
}

export interface TenantBacklog {
  readonly locationId: string;
  readonly waiting: number;
  readonly active: number;
  readonly oldestWaitingMs: number | null;
}

/** Locations with open analyses, those with the most first. */
export async function tenantBacklog(
  database: Database,
  wanted: { readonly limit: number },
): Promise<readonly TenantBacklog[]> {
  const { rows } = await sql<{
    location_id: string;
    waiting: number;
    active: number;
    oldest_waiting_ms: number | null;
  }>`select * from tenant_backlog(${wanted.limit})`.execute(database.kysely);
  return rows.map((row) => ({
    locationId: row.location_id,
    waiting: row.waiting,
    active: row.active,
    oldestWaitingMs: row.oldest_waiting_ms,
  }));
}

/** Has no worker take jobs of this kind any more, or again; what runs is finished. False when it was so already. */
export async function setQueuePaused(
  database: Database,
  pause: { readonly job: JobName; readonly paused: boolean } & AuditTrail,
): Promise<boolean> {
  const { job, paused, actor, requestId } = pause;
  const { rows } = await sql<{ done: boolean }>`
    select set_queue_paused(${job}, ${paused}, ${actor}, ${requestId}) as done`.execute(database.kysely);
  return rows[0]?.done === true;
}

/** The jobs whose queues are paused. */
export async function pausedQueues(database: Database): Promise<ReadonlySet<JobName>> {
  const rows = await database.kysely.selectFrom("queue_pauses").select("job").execute();
  return new Set(rows.map(({ job }) => job));
}

/** Keeps what the auditor found, for every process to tell. For the worker's role. */
export async function saveInvariantFindings(database: Database, found: InvariantViolations): Promise<void> {
  await database.kysely
    .insertInto("invariant_findings")
    .values(Object.entries(found).map(([name, violations]) => ({ name, violations, checked_at: sql<Date>`now()` })))
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet((eb) => ({
        violations: eb.ref("excluded.violations"),
        checked_at: eb.ref("excluded.checked_at"),
      })),
    )
    .execute();
}

export interface InvariantFinding {
  readonly name: string;
  readonly violations: number;
  readonly ageMs: number;
}

/** What the auditor found last; empty before its first pass. */
export async function invariantFindings(database: Database): Promise<readonly InvariantFinding[]> {
  return database.kysely
    .selectFrom("invariant_findings")
    .select((eb) => [
      "name",
      "violations",
      eb.cast<number>(sql`floor(extract(epoch from now() - checked_at) * 1000)`, "float8").as("ageMs"),
    ])
    .orderBy("name")
    .execute();
}
