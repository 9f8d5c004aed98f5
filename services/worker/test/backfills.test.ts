import { randomUUID } from "node:crypto";
import { type Backfill, backfillProgress, openDatabase } from "@workflow-debugger/shared/db";
import { createTestDatabase } from "@workflow-debugger/shared/testing";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { startBackfills } from "../src/backfills.ts";

test("workers bring every backfill to its end, in turns, one backfill after the other", async () => {
  const log = pino({ level: "silent" });
  const testDatabase = await createTestDatabase();
  const database = openDatabase({ url: testDatabase.workerUrl, maxConnections: 6, applicationName: "test", log });
  const batches: string[] = [];
  const counting = (name: string): Backfill => ({
    name,
    async batch(_transaction, { after, limit }) {
      const from = Number(after ?? 0);
      batches.push(`${name} ${from}`);
      const lookedAt = Math.min(limit, 25 - from);
      return { position: String(from + lookedAt), lookedAt, changed: 0 };
    },
  });
  const names = ["0001", "0002"].map((number) => `${number}-${randomUUID()}`);
  const settings = { limit: 10, busyRestMs: 5 };
  const runners = [1, 2, 3].map(() => startBackfills({ database, backfills: names.map(counting), settings, log }));
  onTestFinished(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await database.close();
    await testDatabase.drop();
  });

  await expect
    .poll(() => backfillProgress(database), { timeout: 10_000 })
    .toMatchObject(names.map((name) => ({ name, lookedAt: 25, finishedAt: expect.any(Date) })));
  expect(batches).toEqual(names.flatMap((name) => [0, 10, 20].map((from) => `${name} ${from}`)));
});
