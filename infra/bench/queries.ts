/**
 * `pnpm bench:queries [--rows N] [--write]`: what lists, polls and the worker's searches cost with ten thousand analyses and
 * with a million, half of them of one location. Ends with 1 when one costs more than 1.2 times as much.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  deadLetters,
  findLimbo,
  getAnalysis,
  getAnalysisStates,
  type HistoryCursor,
  type HistoryFilters,
  historyPage,
  openDatabase,
  pruneExpired,
  rowKinds,
  takeWaiting,
  waitingWork,
  workflowsPage,
} from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";
import { createTestDatabase } from "@workflow-debugger/shared/testing";
import pg from "pg";
import { checkout } from "../local/checkout.ts";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "1000000" }, write: { type: "boolean", default: false } },
});
const FEW = 10_000;
const MANY = Number(values.rows);
const MOST_GROWTH = 1.2;
const ROUNDS = 15;
const CALLS = 60;
const log = createLogger({ service: "bench", environment: "test", level: "silent", pretty: false });

const testDatabase = await createTestDatabase();
const superuser = new pg.Client({ connectionString: testDatabase.superuserUrl });
await superuser.connect();
const open = (url: string) => openDatabase({ url, maxConnections: 1, applicationName: "bench queries", log });
const api = open(testDatabase.apiUrl);
const worker = open(testDatabase.workerUrl);

/** 200 locations, the first with half of the rows; of a hundred analyses one failed, three were canceled, the others completed. */
async function fill(from: number, to: number): Promise<void> {
  await superuser.query(
    `insert into analyses (id, location_id, snapshot_sha256, workflow_id, workflow_name, status, engine_version, created_at,
        started_at, finished_at, duration_ms, score, grade, summary, dead_at, error, request_id)
     select uuidv7(make_interval(secs => (n - $2) * 5)), 'location-' || case when n % 2 = 0 then 0 else n % 200 end, sha256('x'), 'workflow-' || n % 500,
       'Workflow ' || n % 500, case n % 100 when 7 then 'failed' when 11 then 'canceled' when 13 then 'canceled' when 17 then 'canceled' else 'completed' end,
       '0.1.0', now() - make_interval(secs => ($2 - n) * 5), now(), now(), 12, n % 101,
       (array['Critical', 'High Risk', 'Needs Work', 'Good', 'Excellent'])[1 + n % 5], '{"critical":0}', case n % 100 when 7 then now() end, null, 'bench'
     from generate_series($1::int, $2::int - 1) n`,
    [from, to],
  );
  await superuser.query("vacuum analyze analyses");
}

async function prepare(): Promise<void> {
  await superuser.query(
    "insert into locations (id, name, plan) select 'location-' || n, 'Bench', 'pro' from generate_series(0, 199) n",
  );
  await superuser.query(
    `insert into workflow_snapshots (location_id, sha256, ciphertext, encryption_key_id, size)
     select 'location-' || n, sha256('x'), 'x', 'bench', 1 from generate_series(0, 199) n`,
  );
  await superuser.query(
    `insert into workflows (location_id, id, name, status, listed)
     select 'location-0', 'workflow-' || n, 'Workflow ' || n, 'published', true from generate_series(0, 499) n`,
  );
}

const locationId = "location-0";
const page = (filters: HistoryFilters) => () => historyPage(api, { locationId, limit: 20, cursor: null, filters });
let someIds: readonly string[] = [];
let middle: HistoryCursor | null = null;
const YEARS_MS = 10 * 365 * 86_400_000;

const queries: Readonly<Record<string, () => Promise<unknown>>> = {
  "history, first page": page({}),
  "history, a page from the middle": () => historyPage(api, { locationId, limit: 20, cursor: middle, filters: {} }),
  "history of one workflow": page({ workflowId: "workflow-2" }),
  "history by status failed": page({ status: "failed" }),
  "history by status completed": page({ status: "completed" }),
  "history by grade": page({ grade: "Good" }),
  "workflows with their last analyses": () => workflowsPage(api, { locationId, limit: 20, cursor: null }),
  "dead letters": () => deadLetters(api, { limit: 50 }),
  "poll of one analysis": () => getAnalysis(api, { locationId, id: someIds[0] ?? "", report: true }),
  "poll of the states of twenty": () =>
    getAnalysisStates(
      api,
      someIds.map((id) => ({ locationId, id })),
    ),
  "dispatcher: what waits": () => takeWaiting(worker, rowKinds.analysis, { limit: 16 }),
  "reconciler: what is in limbo": () =>
    findLimbo(worker, rowKinds.analysis, { dispatchedBeforeMs: 10_000, limit: 200 }),
  "retention: what is too old": () =>
    pruneExpired(worker, { auditKeptForMs: YEARS_MS, resultsKeptForMs: YEARS_MS, limit: 1_000 }),
  "API: how much waits": () => waitingWork(api, { crowdedFrom: 100 }),
};

/** Milliseconds of one call: the least of some rounds' means, which other programs disturb the least. */
async function measure(): Promise<Record<string, number>> {
  const some = "select id from analyses where location_id = $1 order by created_at, id limit 20";
  someIds = (await superuser.query(some, [locationId])).rows.map(({ id }) => id);
  const half = `select (extract(epoch from created_at) * 1000000)::float8 as "createdAt", id from analyses where location_id = $1 order by created_at, id
    offset (select count(*) / 2 from analyses where location_id = $1) limit 1`;
  [middle] = (await superuser.query(half, [locationId])).rows;
  const times: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, call] of Object.entries(queries)) {
      const start = performance.now();
      for (let number = 0; number < CALLS; number += 1) await call();
      times[name] = Math.min(times[name] ?? Number.POSITIVE_INFINITY, (performance.now() - start) / CALLS);
    }
  }
  return times;
}

async function explain(where: string): Promise<string> {
  const { rows } = await superuser.query(
    `explain (analyze, buffers, costs off, timing off, summary off)
     select id from analyses where location_id = 'location-0' and ${where} order by created_at desc, id desc limit 21`,
  );
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

try {
  await prepare();
  await fill(0, FEW);
  const few = await measure();
  await fill(FEW, MANY);
  const many = await measure();
  const count = (rows: number) => rows.toLocaleString("en-GB");
  const growth = (name: string) => (many[name] ?? 0) / (few[name] ?? 1);
  const lines = [
    `| query | ${count(FEW)} rows | ${count(MANY)} rows | growth |`,
    "| --- | --- | --- | --- |",
    ...Object.keys(queries).map(
      (name) =>
        `| ${name} | ${few[name]?.toFixed(2)} ms | ${many[name]?.toFixed(2)} ms | ${growth(name).toFixed(2)} × |`,
    ),
  ];
  const plans: string[] = [];
  for (const where of [
    "true",
    "(created_at, id) < (now() - interval '1 day', gen_random_uuid())",
    "workflow_id = 'workflow-2'",
    "status = 'failed'",
    "grade = 'Good'",
  ]) {
    plans.push(`History where ${where}, at ${count(MANY)} rows:\n\n\`\`\`\n${await explain(where)}\n\`\`\``);
  }
  const text = `# Queries at a million rows\n\n\`pnpm bench:queries --write\`: one connection, whole calls from Node.js and back, half of the rows of the location that is asked for.\n\n${lines.join("\n")}\n\n${plans.join("\n\n")}\n`;
  console.log(text);
  if (values.write) writeFileSync(join(checkout, "docs/benchmarks/queries.md"), text);
  process.exitCode = Object.keys(queries).every((name) => growth(name) <= MOST_GROWTH) ? 0 : 1;
} finally {
  await Promise.all([api.close(), worker.close(), superuser.end()]);
  await testDatabase.drop();
}
