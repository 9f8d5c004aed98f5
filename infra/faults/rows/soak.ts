import { setTimeout as sleep } from "node:timers/promises";
import { smallWorkflow } from "../harness/documents.ts";
import { both, type FaultRow, settle, type Trial } from "../harness/row.ts";

/** What a quarter of the time comes to. */
interface Quarter {
  readonly apiMb: number;
  readonly workerMb: number;
  readonly connections: number;
  /** Of everything that grows with traffic, indexes included. */
  readonly tablesMb: number;
}

const TABLES = [
  ...["analyses", "analysis_results", "workflow_snapshots", "released_snapshots", "idempotency_keys", "audit_log"],
  ...["analysis_definitions", "webhook_events"],
];
const LOCATIONS = 100;
/** Of the same definition. */
const ANALYSES_OF_ONE = 10;
const AT_ONCE = 50_000;
const REMOVED_WITHIN_MS = 300_000;
/** Free space that vacuum keeps for what comes next. */
const MOST_GROWTH = 1.5;

/**
 * A day of a million analyses, with a month and more between its hours: each quarter leaves behind what a quarter of a million
 * requests leave, placed by a few statements and so old that retention has to remove it, while others are submitted
 * as ever. In the end nothing may have grown.
 */
export const soak: FaultRow = {
  row: "22",
  fault: "a million analyses in fast-forward: stored, kept, removed (200 in the short form)",
  backends: both,
  async run(trial) {
    const { stack, full } = trial;
    const submitted = full ? 2_000 : 200;
    const placed = full ? 1_000_000 : 0;
    const quarters: Quarter[] = [];
    for (let quarter = 0; quarter < 4; quarter += 1) {
      await Promise.all([submitMany(trial, submitted / 4), placeOld(trial, quarter * (placed / 4), placed / 4)]);
      if (placed > 0) await untilRemoved(trial);
      await settle(stack, trial.ledger, 900_000);
      quarters.push(await measure(trial));
    }
    const [, second, , last] = quarters;
    if (second === undefined || last === undefined) throw new Error("there are four quarters");
    const problems = [
      ...grown("the API", second.apiMb, last.apiMb, 150, "MiB"),
      ...grown("the worker", second.workerMb, last.workerMb, 300, "MiB"),
      ...grown("connections", second.connections, last.connections, 5, ""),
      ...(full ? grown("tables", second.tablesMb, last.tablesMb, second.tablesMb * (MOST_GROWTH - 1), "MiB") : []),
    ];
    const remarks = quarters.map(({ apiMb, workerMb, connections, tablesMb }, quarter) => {
      const count = (((quarter + 1) * (submitted + placed)) / 4).toLocaleString("en-GB");
      return `after ${count} analyses: API ${apiMb} MiB, worker ${workerMb} MiB, ${connections} connections, tables ${tablesMb} MiB`;
    });
    return { trials: submitted + placed, problems, remarks };
  },
};

function grown(what: string, from: number, to: number, most: number, unit: string): readonly string[] {
  return to - from > most ? [`${what} grew from ${from} to ${to} ${unit}`] : [];
}

async function submitMany({ ledger, random }: Trial, count: number): Promise<void> {
  let sent = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (sent < count) {
        sent += 1;
        await ledger.submit(smallWorkflow(`Soak ${random()}`));
      }
    }),
  );
}

/** Finished analyses with their results, definitions, idempotency keys and audit entries, kept for longer than anything is. */
async function placeOld({ stack: { query } }: Trial, from: number, count: number): Promise<void> {
  const age = "interval '800 days'";
  for (let first = from; first < from + count; first += AT_ONCE) {
    const numbers = `generate_series(${first}, ${Math.min(first + AT_ONCE, from + count) - 1}) n`;
    // One definition serves some analyses of a location. Ids are in the order of time, as version 7 of UUIDs has it.
    const location = `'soak-' || (n / ${ANALYSES_OF_ONE}) % ${LOCATIONS}`;
    const digest = `sha256(('definition ' || n / ${ANALYSES_OF_ONE})::bytea)`;
    const id = `(lpad(to_hex(floor(extract(epoch from now() - ${age}) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
      || '8' || substr(md5(n::text), 4, 15))::uuid`;
    // Triggers and checks of foreign keys are for rows that clients make; these are many, and right.
    await query(`
      begin;
      set local session_replication_role = replica;
      insert into locations (id, name, plan) select 'soak-' || n, 'Soak', 'pro' from generate_series(0, ${LOCATIONS - 1}) n
        on conflict do nothing;
      insert into workflow_snapshots (location_id, sha256, ciphertext, encryption_key_id, size)
        select ${location}, ${digest}, decode(repeat(md5(n::text), 16), 'hex'), 'soak', 256 from ${numbers} where n % ${ANALYSES_OF_ONE} = 0;
      insert into analyses (id, location_id, snapshot_sha256, workflow_id, workflow_name, status, attempt, engine_version,
          created_at, dispatched_at, started_at, finished_at, duration_ms, score, grade, summary, request_id)
        select ${id}, ${location}, ${digest}, 'workflow-' || n % 500, 'Workflow ' || n % 500, 'completed', 1, '0.1.0',
          now() - ${age}, now() - ${age}, now() - ${age}, now() - ${age}, 12, n % 101, 'Good', '{"critical":0}', 'soak' from ${numbers};
      insert into analysis_results (analysis_id, location_id, report)
        select ${id}, ${location}, json_build_object('findings', repeat(md5(n::text), 20)) from ${numbers};
      insert into idempotency_keys (location_id, route, key, fingerprint, analysis_id, analysis_created_at, analysis_status, status_code,
          in_progress_until, expires_at)
        select ${location}, 'POST /api/analyze', n::text, ${digest}, ${id}, now() - ${age}, 'queued', 202, now() - ${age}, now() - ${age}
        from ${numbers};
      insert into audit_log (id, location_id, at, actor, action, subject) overriding system value
        select n - 1000000000, ${location}, now() - ${age}, 'key:soak', 'analysis.submitted', ${id} from ${numbers};
      commit`);
  }
}

/** Has retention come by, once for what is too old and once, an hour later, for what nothing refers to any more. */
async function untilRemoved({ stack }: Trial): Promise<void> {
  const left = `select (exists (select from analyses where location_id like 'soak-%') or exists (select from audit_log where id < 0)
    or exists (select from idempotency_keys where expires_at < now())) as left`;
  await whileRetentionRuns(left);
  await stack.query("update released_snapshots set released_at = released_at - interval '1 hour'");
  await whileRetentionRuns("select exists (select from released_snapshots) as left");
  // Which comes by itself, but by the clock, and here a month takes less than a minute.
  for (const table of TABLES) await stack.query(`vacuum ${table}`);

  /** Each worker begins with a pass. */
  async function whileRetentionRuns(question: string): Promise<void> {
    const worker = stack.startWorker();
    const deadline = performance.now() + REMOVED_WITHIN_MS;
    while ((await stack.query<{ left: boolean }>(question))[0]?.left === true) {
      if (performance.now() > deadline) throw new Error("retention does not get on with what is too old");
      await sleep(200);
    }
    await worker.end("SIGTERM");
  }
}

async function measure({ stack }: Trial): Promise<Quarter> {
  const [row] = await stack.query<{ connections: number; bytes: number }>(
    `select (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
       (select sum(pg_total_relation_size(name::regclass))::float8 from unnest($1::text[]) name) as bytes`,
    [TABLES],
  );
  return {
    apiMb: stack.api.memoryMb(),
    workerMb: Math.max(...stack.workers.map((worker) => worker.memoryMb())),
    connections: row?.connections ?? 0,
    tablesMb: Math.round((row?.bytes ?? 0) / 1_048_576),
  };
}
