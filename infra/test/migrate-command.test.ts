import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { createTestDatabase } from "@workflow-debugger/shared/testing";
import { expect, it } from "vitest";
import { checkout } from "../local/checkout.ts";

/** Runs what `pnpm migrate` runs; its exit code and its last line. */
function migrate(databaseUrl: string): readonly [status: number | null, line: unknown] {
  const command = [join(checkout, "services/worker/src/migrate.ts")];
  const env = { ...process.env, NODE_ENV: "test", LOG_LEVEL: "info", DATABASE_URL: databaseUrl };
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: "utf8", env });
  return [status, JSON.parse(stdout.trim().split("\n").at(-1) ?? "")];
}

it("runs again on a database that is up to date, and exits 0", async () => {
  const database = await createTestDatabase();
  try {
    const said = { level: "info", service: "migrate", environment: "test", message: "the database is up to date" };
    expect(migrate(database.ownerUrl)).toMatchObject([0, said]);
  } finally {
    await database.drop();
  }
}, 30_000);

it("exits 1 and says why when it may not change the tables", async () => {
  const database = await createTestDatabase();
  try {
    const said = { level: "fatal", err: { message: expect.stringMatching(/permission denied|must be owner/) } };
    expect(migrate(database.apiUrl)).toMatchObject([1, said]);
  } finally {
    await database.drop();
  }
}, 30_000);
