/** Commits one batch of the backfill, and in the middle of the next one says so and waits to be killed. */
import { pino } from "pino";
import { openDatabase, runBackfillBatch } from "../../src/db/index.ts";
import { doubling } from "./doubling.ts";

const database = openDatabase({
  url: process.env["DATABASE_URL"] ?? "",
  maxConnections: 1,
  applicationName: "backfill runner",
  log: pino({ level: "silent" }),
});
const limit = 100;
// A runner that was killed before this one may hold its batch for a moment yet.
while ((await runBackfillBatch(database, doubling, { limit })) === "busy");
const stuck = {
  name: doubling.name,
  async batch(...given: Parameters<typeof doubling.batch>) {
    await doubling.batch(...given);
    process.stdout.write("in the middle\n");
    return new Promise<never>(() => undefined);
  },
};
await runBackfillBatch(database, stuck, { limit });
