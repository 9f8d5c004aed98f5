import { Redis } from "ioredis";
import {
  type IRateLimiterOptions,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  type RateLimiterStoreAbstract,
} from "rate-limiter-flexible";
import type { Database } from "../db/database.ts";
import type { Logger } from "../observability/logger.ts";

/** Counting that all processes share: the API's own limits, and the budgets of the services it calls. */

/** Makes a limiter that counts where all processes see it; without its store it counts in memory. */
export type SharedStore = (options: IRateLimiterOptions) => RateLimiterStoreAbstract;

/** Where all processes count together: in Redis where the queue is, else in the application's database. */
export function openSharedStore(options: {
  readonly queueUrl: string;
  readonly database: Pick<Database, "pool">;
  readonly log: Logger;
}): { readonly store: SharedStore; close(): void } {
  const { queueUrl, database, log } = options;
  if (!/^rediss?:/.test(queueUrl)) return { store: postgresStore(database.pool), close: () => undefined };
  const client = new Redis(queueUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 300 });
  client.on("error", (error) => log.debug({ reason: error.message }, "rate limits count in memory"));
  return { store: redisStore(client), close: () => client.disconnect() };
}

/** The table that the migrations made. */
const TABLE = "rate_limits";
/** A count that takes longer than this is made in memory instead. Milliseconds. */
const STORE_DEADLINE_MS = 500;

interface PostgresPool {
  query(query: object): Promise<unknown>;
}

function postgresStore(pool: PostgresPool): SharedStore {
  const client = { query: (query: object) => pool.query({ ...query, query_timeout: STORE_DEADLINE_MS }) };
  return (options) =>
    new RateLimiterPostgres({
      ...insured(options),
      storeClient: client,
      storeType: "pool",
      tableName: TABLE,
      tableCreated: true,
      // The worker removes what expired, in batches.
      clearExpiredByTimeout: false,
    });
}

/** The client must fail fast while Redis is away. */
function redisStore(client: object): SharedStore {
  return (options) =>
    new RateLimiterRedis({ ...insured(options), keyPrefix: `wd:limit:${options.keyPrefix}`, storeClient: client });
}

/** Counts in this process alone, for tests that are about something else. */
export function memoryStore(): SharedStore {
  return (options) => new RateLimiterMemory(options) as RateLimiterMemory & RateLimiterStoreAbstract;
}

function insured(options: IRateLimiterOptions) {
  return { ...options, insuranceLimiter: new RateLimiterMemory(options) };
}
