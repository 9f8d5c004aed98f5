import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  completeAnalysis,
  getAnalysis,
  getLocation,
  isTransient,
  isUnavailable,
  listen,
  monitorDatabase,
  openDatabase,
  retryTransient,
  submitAnalysis,
  withLocation,
} from "../../src/db/index.ts";
import { aSubmission, createGate, seedLocation } from "../support/index.ts";
import { claim, completion, silent, stage, submitted } from "./stage.ts";

const room = stage();
let superuser: pg.Client;

beforeAll(async () => {
  superuser = new pg.Client({ connectionString: room.test.superuserUrl });
  await superuser.connect();
});
afterAll(() => superuser.end());

/** Ends the server's side of all connections of one role to this database. */
async function killBackends(role: "wd_api" | "wd_worker"): Promise<number> {
  const { rowCount } = await superuser.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = $1",
    [role],
  );
  return rowCount ?? 0;
}

async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "done",
    (error: unknown) => error,
  );
}

describe("backends killed by a restart", () => {
  test("do not reach the caller: the work is repeated on a new connection", async () => {
    const locationId = await seedLocation(room.worker);
    for (let round = 0; round < 5; round += 1) {
      const submission = aSubmission(locationId);
      await Promise.all(Array.from({ length: 4 }, () => room.api.ping()));
      expect(await killBackends("wd_api")).toBeGreaterThan(0);
      const outcome = await retryTransient(() => submitAnalysis(room.api, submission));
      expect(outcome).toMatchObject({ outcome: "accepted", analysis: { id: submission.id } });
    }
  });

  test("in the middle of transactions leave no trace of them, and no slot of the pool is lost", async () => {
    const locationId = await seedLocation(room.worker);
    const open = Promise.withResolvers<void>();
    const { max } = room.api.connections();
    let begun = 0;
    const transactions = Array.from({ length: max }, () =>
      outcomeOf(
        withLocation(room.api, locationId, async (transaction) => {
          await transaction
            .insertInto("audit_log")
            .values({ location_id: locationId, actor: "a", action: "half done", subject: "s" })
            .execute();
          begun += 1;
          if (begun === max) open.resolve();
          await sql`select pg_sleep(30)`.execute(transaction);
        }),
      ),
    );
    await open.promise;
    expect(await killBackends("wd_api")).toBe(max);
    for (const outcome of await Promise.all(transactions)) expect(isUnavailable(outcome)).toBe(true);
    await Promise.all(Array.from({ length: max * 2 }, () => retryTransient(() => room.api.ping())));
    expect(room.api.connections()).toMatchObject({ waiting: 0 });
    expect(room.api.connections().open).toBeLessThanOrEqual(max);
    const { rows } = await sql`select from audit_log where action = 'half done'`.execute(room.worker.kysely);
    expect(rows).toEqual([]);
  });
});

test("a migration under a running process does not disturb it: what was prepared before is prepared anew", async () => {
  const locationId = await seedLocation(room.worker);
  const database = openDatabase({ url: room.test.apiUrl, maxConnections: 1, applicationName: "old", log: silent });
  for (const column of ["one", "two"]) {
    expect(await retryTransient(() => getLocation(database, locationId))).toMatchObject({ id: locationId });
    await superuser.query(`alter table locations add column ${column} text`);
  }
  expect(await retryTransient(() => getLocation(database, locationId))).toMatchObject({ id: locationId });
  await database.close();
});

describe("a server that keeps its connections but answers nothing", () => {
  test("is given up after the deadline, its connections are destroyed, and the pool serves again once it answers", async () => {
    const gate = await createGate(room.test.apiUrl);
    const database = openDatabase({
      url: gate.url,
      maxConnections: 2,
      applicationName: "frozen",
      log: silent,
      deadlineMs: 200,
    });
    const locationId = await seedLocation(room.worker);
    const read = () => getAnalysis(database, { locationId, id: aSubmission(locationId).id, report: false });
    await Promise.all([read(), read()]);
    gate.freeze();
    const start = performance.now();
    const outcomes = await Promise.all([
      outcomeOf(read()),
      outcomeOf(
        withLocation(database, locationId, (transaction) => transaction.selectFrom("analyses").select("id").execute()),
      ),
    ]);
    expect(performance.now() - start).toBeLessThan(1_500);
    for (const outcome of outcomes) expect(isUnavailable(outcome)).toBe(true);
    expect(database.connections()).toMatchObject({ idle: 0, waiting: 0 });
    expect(await read()).toBeNull();
    await database.close();
    await gate.close();
  });

  test("when all connections are in use, refuses the next caller within the time to wait for one", async () => {
    const database = openDatabase({ url: room.test.apiUrl, maxConnections: 1, applicationName: "full", log: silent });
    const busy = sql`select pg_sleep(2.5)`.execute(database.kysely);
    await vi.waitFor(() => expect(database.connections()).toMatchObject({ open: 1, idle: 0 }));
    const outcome = await outcomeOf(database.ping());
    expect(isUnavailable(outcome)).toBe(true);
    await busy;
    await database.close();
  });
});

describe("a server that is away", () => {
  test("is told apart from a mistake of ours", async () => {
    const away = openDatabase({
      url: "postgres://wd_api:api@127.0.0.1:1/none",
      maxConnections: 2,
      applicationName: "away",
      log: silent,
    });
    const refused = await outcomeOf(away.ping());
    const mistake = await outcomeOf(sql`select * from nothing`.execute(room.api.kysely));
    const slow = await outcomeOf(
      room.api.kysely.transaction().execute(async (transaction) => {
        await sql`set local statement_timeout = 20`.execute(transaction);
        await sql`select pg_sleep(5)`.execute(transaction);
      }),
    );
    const readOnly = await outcomeOf(
      room.api.kysely.transaction().execute(async (transaction) => {
        await sql`set transaction read only`.execute(transaction);
        await transaction
          .insertInto("audit_log")
          .values({ location_id: "x", actor: "a", action: "a", subject: "s" })
          .execute();
      }),
    );
    expect([refused, mistake, slow, readOnly].map(isUnavailable)).toEqual([true, false, true, true]);
    expect([refused, mistake, slow, readOnly].map(isTransient)).toEqual([true, false, false, false]);
    await away.close();
  });

  test("is noticed by the monitor, which tells when it goes and when it comes back", async () => {
    const gate = await createGate(room.test.apiUrl);
    const database = openDatabase({ url: gate.url, maxConnections: 1, applicationName: "monitored", log: silent });
    const changes: boolean[] = [];
    const monitor = monitorDatabase({
      database,
      log: silent,
      intervalMs: 20,
      retryMs: 20,
      onChange: ({ reachable }) => changes.push(reachable),
    });
    expect(await monitor.check()).toMatchObject({ reachable: true, latencyMs: expect.any(Number) });
    await gate.shut();
    await vi.waitFor(() => expect(monitor.health()).toMatchObject({ reachable: false, latencyMs: null }));
    await gate.open();
    await vi.waitFor(() => expect(monitor.health().reachable).toBe(true));
    expect(changes).toEqual([false, true]);
    monitor.close();
    await database.close();
    await gate.close();
  });
});

describe("listening", () => {
  async function hear(url: string) {
    const heard: string[] = [];
    let connections = 0;
    const listener = listen({
      url,
      applicationName: "listener",
      channels: ["analysis_changed"],
      onNotification: (_channel, payload) => void heard.push(payload),
      onReconnect: () => {
        connections += 1;
      },
      log: silent,
      heartbeatMs: 20,
    });
    await listener.ready;
    return { listener, heard, connections: () => connections };
  }

  test("hears each change of status once its commit is done", async () => {
    const { listener, heard } = await hear(room.test.apiUrl);
    const { id } = await submitted(room);
    const holder = await claim(room, id);
    await completeAnalysis(room.worker, { ...completion, ...holder });
    await vi.waitFor(() => expect(heard).toEqual([id, id]));
    await listener.close();
  });

  test("begins anew after its backend was killed, and says so", async () => {
    const { listener, heard, connections } = await hear(room.test.workerUrl);
    await superuser.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'listener'");
    await vi.waitFor(() => expect(connections()).toBe(2));
    const { id } = await submitted(room);
    await claim(room, id);
    await vi.waitFor(() => expect(heard).toEqual([id]));
    await listener.close();
    expect(listener.isListening()).toBe(false);
  });

  test("notices a connection that fell silent by its heartbeat", async () => {
    const gate = await createGate(room.test.apiUrl);
    const { listener, connections } = await hear(gate.url);
    gate.freeze();
    await vi.waitFor(() => expect(connections()).toBe(2), { timeout: 8_000 });
    await listener.close();
    await gate.close();
  }, 10_000);

  test("waits for a server that is not there yet", async () => {
    const gate = await createGate(room.test.apiUrl, "shut");
    const hearing = hear(gate.url);
    await gate.open();
    const { listener } = await hearing;
    expect(listener.isListening()).toBe(true);
    await listener.close();
    await gate.close();
  });
});
