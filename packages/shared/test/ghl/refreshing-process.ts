import { pino } from "pino";
import { parseKeyRing } from "../../src/crypto/index.ts";
import { openDatabase } from "../../src/db/index.ts";
import {
  createGhlClient,
  createRateBudget,
  createResilience,
  createTokenSource,
  RESILIENCE,
} from "../../src/ghl/index.ts";
import { memoryStore } from "../../src/limits/index.ts";

/**
 * A process that asks for one location's workflows many times at once, as soon as it is told to, and prints how the
 * calls ended: for the suite that runs several of them.
 */
interface Orders {
  readonly databaseUrl: string;
  readonly keys: string;
  readonly apiBase: string;
  readonly app: { readonly clientId: string; readonly clientSecret: string; readonly appId: string };
  readonly calls: number;
}

const orders = JSON.parse(process.argv[2] ?? "{}") as Orders;
const log = pino({ level: "silent" });
const database = openDatabase({ url: orders.databaseUrl, maxConnections: 5, applicationName: "refreshing", log });
const client = createGhlClient(
  { apiBase: orders.apiBase, ...orders.app, timeoutMs: 5_000, patienceMs: 30_000 },
  { resilience: createResilience(RESILIENCE), budget: createRateBudget(memoryStore()) },
);
const tokens = createTokenSource({ client, database, keyRing: parseKeyRing(orders.keys), log });
await database.ping();
process.send?.("ready");
process.once("message", async () => {
  const call = () =>
    tokens
      .use({ kind: "location", id: "acme" }, ({ token }) => client.workflows(token, "acme"))
      .then((list) => `${list.length} workflows`, String);
  const outcomes = await Promise.all(Array.from({ length: orders.calls }, call));
  await database.close();
  process.send?.(outcomes, () => process.exit(0));
});
