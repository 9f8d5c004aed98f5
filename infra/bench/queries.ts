/**
 * `pnpm bench:queries [--rows N] [--write]`: what lists, polls and the worker's searches cost with ten thousand analyses and
 * with a million, half of them of one location. Both tables stand side by side and are asked in turns, call by call, so that
 * whatever else the machine does falls on both. Ends with 1 when one costs more than 1.2 times as much.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Database,
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
import { createTestDatabase, openExplained } from "@workflow-debugger/shared/testing";
import pg from "pg";
import { checkout } from "../local/checkout.ts";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "1000000" }, write: { type: "boolean", default: false } },
});
const FEW = 10_000;
const MANY = Number(values.rows);
const MOST_GROWTH = 1.2;
/** Two tables of the same size differ by up to this (`--rows 10000` shows it): less is no growth. */
const NOISE_MS = 0.05;
const WARM_UP_CALLS = 20;
const CALLS = 400;
const locationId = "location-0";
const log = createLogger({ service: "bench", environment: "test", level: "silent", pretty: false });

interface Table {
  readonly api: Database;
  readonly worker: Database;
  /** The oldest analyses of the location. */
  readonly someIds: readonly string[];
  readonly middle: HistoryCursor | null;
  /** The plans by which the API's role runs a call. */
  readonly plansOf: (call: (table: Table) => Promise<unknown>) => Promise<readonly string[]>;
  readonly drop: () => Promise<void>;
}

async function createTable(rows: number): Promise<Table> {
  const database = await createTestDatabase();
  const superuser = new pg.Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  await fill(superuser, rows);
  const open = (url: string) => openDatabase({ url, maxConnections: 1, applicationName: "bench queries", log });
  const [api, worker] = [open(database.apiUrl), open(database.workerUrl)];
  const some = "select id from analyses where location_id = $1 order by created_at, id limit 20";
  const half = `select (extract(epoch from created_at) * 1000000)::float8 as "createdAt", id from analyses where location_id = $1 order by created_at, id
    offset (select count(*) / 2 from analyses where location_id = $1) limit 1`;
  const table: Table = {
    api,
    worker,
    someIds: (await superuser.query(some, [locationId])).rows.map(({ id }) => id),
    middle: (await superuser.query(half, [locationId])).rows[0] ?? null,
    async plansOf(call) {
      const explained = await openExplained(database, "wd_api");
      const plans = await explained.plansOf(() => call({ ...table, api: explained }));
      await explained.close();
      return plans;
    },
    drop: async () => {
      await Promise.all([api.close(), worker.close(), superuser.end()]);
      await database.drop();
    },
  };
  return table;
}

/** 200 locations, the first with half of the rows; of a hundred analyses one failed, three were canceled, the others completed. */
async function fill(superuser: pg.Client, rows: number): Promise<void> {
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
  await superuser.query(
    `insert into analyses (id, location_id, snapshot_sha256, workflow_id, workflow_name, status, engine_version, created_at,
        started_at, finished_at, duration_ms, score, grade, summary, dead_at, error, request_id)
     select uuidv7(make_interval(secs => (n - $1) * 5)), 'location-' || case when n % 2 = 0 then 0 else n % 200 end, sha256('x'), 'workflow-' || n % 500,
       'Workflow ' || n % 500, case n % 100 when 8 then 'failed' when 12 then 'canceled' when 14 then 'canceled' when 18 then 'canceled' else 'completed' end,
       '0.1.0', now() - make_interval(secs => ($1 - n) * 5), now(), now(), 12, n % 101,
       (array['Critical', 'High Risk', 'Needs Work', 'Good', 'Excellent'])[1 + n % 5],
       '{"critical":0,"high":1,"medium":2,"low":3,"info":4,"suppressed":0,"notChecked":1}', case n % 100 when 8 then now() end, null, 'bench'
     from generate_series(0, $1::int - 1) n`,
    [rows],
  );
  await superuser.query("vacuum analyze");
}

const page =
  (filters: HistoryFilters) =>
  ({ api }: Table) =>
    historyPage(api, { locationId, limit: 20, cursor: null, filters });
const YEARS_MS = 10 * 365 * 86_400_000;

const queries: Readonly<Record<string, (table: Table) => Promise<unknown>>> = {
  "history, first page": page({}),
  "history, a page from the middle": ({ api, middle }) =>
    historyPage(api, { locationId, limit: 20, cursor: middle, filters: {} }),
  "history of one workflow": page({ workflowId: "workflow-2" }),
  "history by status failed": page({ status: "failed" }),
  "history by status completed": page({ status: "completed" }),
  "history by grade": page({ grade: "Good" }),
  "workflows with their last analyses": ({ api }) => workflowsPage(api, { locationId, limit: 20, cursor: null }),
  "dead letters": ({ api }) => deadLetters(api, { limit: 50 }),
  "poll of one analysis": ({ api, someIds }) => getAnalysis(api, { locationId, id: someIds[0] ?? "", report: true }),
  "poll of the states of twenty": ({ api, someIds }) =>
    getAnalysisStates(
      api,
      someIds.map((id) => ({ locationId, id })),
    ),
  "dispatcher: what waits": ({ worker }) => takeWaiting(worker, rowKinds.analysis, { limit: 16 }),
  "reconciler: what is in limbo": ({ worker }) =>
    findLimbo(worker, rowKinds.analysis, { dispatchedBeforeMs: 10_000, limit: 200 }),
  "retention: what is too old": ({ worker }) =>
    pruneExpired(worker, { auditKeptForMs: YEARS_MS, resultsKeptForMs: YEARS_MS, limit: 1_000 }),
  "API: how much waits": ({ api }) => waitingWork(api, { crowdedFrom: 100 }),
};

const PLANS_KEPT = /^(history|workflows|poll of one)/;

/** Milliseconds of one call, the median of many, asked of the tables in turns. */
async function measure(call: (table: Table) => Promise<unknown>, tables: readonly Table[]): Promise<readonly number[]> {
  const times = tables.map((): number[] => []);
  for (let number = -WARM_UP_CALLS; number < CALLS; number += 1)
    for (const [at, table] of tables.entries()) {
      const start = performance.now();
      await call(table);
      if (number >= 0) times[at]?.push(performance.now() - start);
    }
  return times.map((all) => all.sort((a, b) => a - b)[CALLS / 2] ?? 0);
}

const count = (rows: number) => rows.toLocaleString("en-GB");
const tables: Table[] = [];
try {
  const small = await createTable(FEW);
  tables.push(small);
  const large = await createTable(MANY);
  tables.push(large);
  const lines = [
    `| query | ${count(FEW)} rows | ${count(MANY)} rows | growth | met |`,
    "| --- | ---: | ---: | ---: | --- |",
  ];
  let allMet = true;
  for (const [name, call] of Object.entries(queries)) {
    const [few = 0, many = 0] = await measure(call, tables);
    const met = many <= Math.max(few * MOST_GROWTH, few + NOISE_MS);
    allMet &&= met;
    lines.push(
      `| ${name} | ${few.toFixed(3)} ms | ${many.toFixed(3)} ms | ${(many / few).toFixed(2)} × | ${met ? "yes" : "no"} |`,
    );
  }
  const plans: string[] = [];
  for (const [name, call] of Object.entries(queries).filter(([name]) => PLANS_KEPT.test(name))) {
    const all = await large.plansOf(call);
    plans.push(`${name[0]?.toUpperCase()}${name.slice(1)}:\n\n\`\`\`\n${all.join("\n\n").trimEnd()}\n\`\`\``);
  }
  const text = `# Queries at a million rows

\`pnpm bench:queries --write\`: one connection to each table, whole calls from Node.js and back, half of the rows of the
location that is asked for. Both tables are asked in turns, call by call; each figure is the median of ${CALLS} calls after
${WARM_UP_CALLS} to warm up. Met: at most ${MOST_GROWTH} times the small table's time, or ${NOISE_MS} ms more, by which two
tables of the same size differ, too.

${lines.join("\n")}

## How lists and polls are run at ${count(MANY)} rows

As \`auto_explain\` tells of the API's own statements, with those inside functions first.

${plans.join("\n\n")}
`;
  console.log(text);
  if (values.write) writeFileSync(join(checkout, "docs/benchmarks/queries.md"), text);
  process.exitCode = allMet ? 0 : 1;
} finally {
  await Promise.all(tables.map((table) => table.drop()));
}
