import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import pg from "pg";
import { beforeEach, expect, test } from "vitest";
import { type Backfill, backfillProgress, backfills, runBackfillBatch } from "../../src/db/index.ts";
import { doubling } from "./doubling.ts";
import { stage } from "./stage.ts";

const room = stage();
const ROWS = 1_000;
const { name } = doubling;
const batchOf = (limit: number) => runBackfillBatch(room.worker, doubling, { limit });

beforeEach(async () => {
  const superuser = new pg.Client({ connectionString: room.test.superuserUrl });
  await superuser.connect();
  await superuser.query(`
    delete from backfills;
    drop table if exists numbers;
    create table numbers (id int primary key, value int not null, doubled int, looked_at int not null default 0);
    insert into numbers (id, value) select n, n from generate_series(1, ${ROWS}) n;
    grant select, update on numbers to wd_worker`);
  await superuser.end();
});

/** Every row changed, and looked at once. */
async function expectDone(): Promise<void> {
  const { rows } = await sql`select count(*)::int as rows, count(*) filter (where doubled = value * 2)::int as doubled,
    max(looked_at) as looked_at from numbers`.execute(room.worker.kysely);
  expect(rows).toEqual([{ rows: ROWS, doubled: ROWS, looked_at: 1 }]);
  expect(await backfillProgress(room.worker)).toMatchObject([
    { name, lookedAt: ROWS, changed: ROWS, finishedAt: expect.any(Date) },
  ]);
}

test("a backfill goes through all rows once, tells how far it is, and then has nothing left to do", async () => {
  expect(await batchOf(300)).toBe("more");
  expect(await backfillProgress(room.worker)).toMatchObject([{ name, lookedAt: 300, changed: 300, finishedAt: null }]);
  const rest = [await batchOf(300), await batchOf(300), await batchOf(300), await batchOf(300)];
  expect(rest).toEqual(["more", "more", "finished", "finished"]);
  await expectDone();
});

test("several runners at once take turns, and no row is changed twice", async () => {
  const outcomes: string[] = [];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      do outcomes.push(await batchOf(7));
      while (outcomes.at(-1) !== "finished");
    }),
  );
  expect(outcomes.filter((outcome) => outcome === "more")).toHaveLength(Math.floor(ROWS / 7));
  await expectDone();
});

test("a batch that fails leaves nothing behind, neither rows nor position", async () => {
  await batchOf(100);
  const failing: Backfill = {
    name,
    async batch(transaction, from) {
      await doubling.batch(transaction, from);
      throw new Error("in the middle");
    },
  };
  await expect(runBackfillBatch(room.worker, failing, { limit: 100 })).rejects.toThrow("in the middle");
  expect(await backfillProgress(room.worker)).toMatchObject([{ lookedAt: 100, finishedAt: null }]);
  while ((await batchOf(100)) === "more");
  await expectDone();
});

test("after a process was killed in the middle of a batch, the next one goes on from its last commit", async () => {
  for (let kill = 0; kill < 3; kill += 1) {
    const runner = spawn(process.execPath, [fileURLToPath(new URL("backfill-runner.ts", import.meta.url))], {
      env: { ...process.env, DATABASE_URL: room.test.workerUrl },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(runner.stdout, "data");
    runner.kill("SIGKILL");
    await once(runner, "exit");
  }
  expect(await backfillProgress(room.worker)).toMatchObject([{ lookedAt: 300, finishedAt: null }]);
  // `busy` until the server has noticed the end of the last one.
  while ((await batchOf(100)) !== "finished");
  await expectDone();
});

test("no batch holds its rows for longer than seconds", async () => {
  const slow: Backfill = {
    name,
    async batch(transaction) {
      await sql`select pg_sleep(60)`.execute(transaction);
      return { position: null, lookedAt: 0, changed: 0 };
    },
  };
  await expect(runBackfillBatch(room.worker, slow, { limit: 1 })).rejects.toThrow("statement timeout");
});

test("backfills are numbered, and no two have one name", () => {
  const names = backfills.map((backfill) => backfill.name);
  expect(names.filter((each) => !/^\d{4}-[a-z-]+$/.test(each))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});
