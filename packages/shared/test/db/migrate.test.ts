import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import pg from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  aliveWorkers,
  beat,
  migrate,
  openDatabase,
  provisionDatabase,
  QUEUE_SCHEMA,
  retireWorker,
} from "../../src/db/index.ts";
import { migrations } from "../../src/db/migrations/index.ts";
import { requiredUrl } from "../support/required-url.ts";
import { silent, stage } from "./stage.ts";

const room = stage();
const passwords = { owner: "owner", api: "api", worker: "worker" };
const superuserUrl = requiredUrl("TEST_POSTGRES_URL");
let databaseName = "";

beforeEach(() => {
  databaseName = `wd_test_migrate_${randomBytes(6).toString("hex")}`;
});
afterEach(async () => {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query(`drop database if exists ${databaseName} with (force)`);
  await client.end();
});

async function objects(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "select nspname, relname, relacl::text from pg_class c join pg_namespace n on n.oid = relnamespace where nspname in ('public', $1) order by 1, 2",
    [QUEUE_SCHEMA],
  );
  await client.end();
  return rows;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = name;
  return changed.href;
}

test("provisioning and migrating again change nothing, and work from several places at once", async () => {
  const options = { superuserUrl, databaseName, passwords };
  const [{ ownerUrl }] = await Promise.all([provisionDatabase(options), provisionDatabase(options)]);
  await Promise.all([1, 2, 3].map(() => migrate({ ownerUrl, log: silent })));
  const first = await objects(ownerUrl);
  expect(first).toEqual(expect.arrayContaining([expect.objectContaining({ nspname: QUEUE_SCHEMA, relname: "job" })]));
  await provisionDatabase(options);
  await migrate({ ownerUrl, log: silent });
  expect(await objects(ownerUrl)).toEqual(first);
});

test("migrating a database without its roles' owner fails with the server's word, and changes nothing", async () => {
  const { apiUrl } = await provisionDatabase({ superuserUrl, databaseName, passwords });
  await expect(migrate({ ownerUrl: apiUrl, log: silent })).rejects.toMatchObject({ code: "42501" });
});

test("a table in use delays its migration, and does not stop it", async () => {
  const { ownerUrl, workerUrl } = await provisionDatabase({ superuserUrl, databaseName, passwords });
  await migrate({ ownerUrl, log: silent });
  const reader = openDatabase({ url: workerUrl, maxConnections: 1, applicationName: "reader", log: silent });
  const reading = reader.kysely.transaction().execute(async (transaction) => {
    await transaction.selectFrom("analyses").select("id").execute();
    await sql`select pg_sleep(1.5)`.execute(transaction);
  });
  const later: Migration = {
    up: async (db) => void (await sql`alter table analyses add column later int`.execute(db)),
  };
  await migrate({ ownerUrl, log: silent, migrations: { ...migrations, "9999-later": later } });
  await reading;
  await sql`select later from analyses`.execute(reader.kysely);
  await reader.close();
});

test("an index that is missing or was left broken off is built and an outgrown one dropped, by one of those that migrate at once", async () => {
  const { ownerUrl } = await provisionDatabase({ superuserUrl, databaseName, passwords });
  await migrate({ ownerUrl, log: silent });
  const first = await objects(ownerUrl);
  const superuser = new pg.Client({ connectionString: withDatabase(superuserUrl, databaseName) });
  await superuser.connect();
  const valid = "select indisvalid from pg_index where indexrelid = to_regclass('analyses_completed')";
  const leftovers = [
    "drop index analyses_completed",
    "update pg_index set indisvalid = false where indexrelid = 'analyses_completed'::regclass",
  ];
  for (const leftover of leftovers) {
    await superuser.query(leftover);
    await superuser.query("create index analyses_completed_of_workflow on analyses (workflow_id)");
    await Promise.all([1, 2, 3].map(() => migrate({ ownerUrl, log: silent })));
    expect((await superuser.query(valid)).rows).toEqual([{ indisvalid: true }]);
  }
  await superuser.end();
  expect(await objects(ownerUrl)).toEqual(first);
});

test("service roles may use the queue's schema and read no migration table", async () => {
  for (const database of [room.api, room.worker]) {
    const { rows } = await sql`select count(*) from bullmq.job`.execute(database.kysely);
    expect(rows).toEqual([{ count: 0 }]);
    await expect(sql`select from kysely_migration`.execute(database.kysely)).rejects.toMatchObject({ code: "42501" });
    await expect(sql`create table public.own (id int)`.execute(database.kysely)).rejects.toMatchObject({
      code: "42501",
    });
  }
});

test("the rate limiter's table has the shape that its library expects", async () => {
  const limiter = new RateLimiterPostgres({
    storeClient: room.api.pool,
    storeType: "pool",
    tableName: "rate_limits",
    tableCreated: true,
    clearExpiredByTimeout: false,
    points: 2,
    duration: 60,
  });
  expect(await limiter.consume("location")).toMatchObject({ consumedPoints: 1, remainingPoints: 1 });
  await limiter.consume("location");
  await expect(limiter.consume("location")).rejects.toMatchObject({ remainingPoints: 0 });
});

test("a worker is alive from its first heartbeat until it retires", async () => {
  const worker = { workerId: "0198f000-0000-7000-8000-000000000000", startedAt: new Date(), concurrency: 4 };
  await beat(room.worker, { ...worker, active: 0 });
  await beat(room.worker, { ...worker, active: 3 });
  expect(await aliveWorkers(room.api, { withinMs: 60_000 })).toEqual([
    { ...worker, active: 3, lastSeenAt: expect.any(Date) },
  ]);
  expect(await aliveWorkers(room.api, { withinMs: -1 })).toEqual([]);
  await retireWorker(room.worker, worker.workerId);
  expect(await aliveWorkers(room.api, { withinMs: 60_000 })).toEqual([]);
});
