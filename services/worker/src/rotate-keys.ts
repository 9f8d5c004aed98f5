import { loadWorkerConfig } from "@workflow-debugger/shared/config";
import { parseKeyRing } from "@workflow-debugger/shared/crypto";
import { openDatabase, resealAll } from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";

/**
 * `pnpm keys:rotate`: seals with the newest key of `ENCRYPTION_KEYS` everything that older ones sealed, while the services
 * run. Takes the worker's environment. Ends with 1 when something could not be opened: then no key may be dropped.
 */
const config = loadWorkerConfig();
const log = createLogger({ service: "keys:rotate", environment: config.NODE_ENV, level: "warn" });
const database = openDatabase({
  url: config.DATABASE_URL,
  maxConnections: 2,
  applicationName: "rotate keys",
  log,
});
const keyRing = parseKeyRing(config.ENCRYPTION_KEYS);
const outcomes = await resealAll(database, keyRing);
await database.close();
for (const { table, resealed, unreadable } of outcomes) {
  const rest = unreadable === 0 ? "" : `, ${unreadable} could not be opened: keep every key until they can`;
  process.stdout.write(`${table}: ${resealed} sealed anew with the key ${keyRing.newestKeyId}${rest}\n`);
}
process.exitCode = outcomes.some(({ unreadable }) => unreadable > 0) ? 1 : 0;
