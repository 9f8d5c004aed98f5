import type { Plan } from "@workflow-debugger/engine/report";
import {
  type IRateLimiterOptions,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from "rate-limiter-flexible";

const WINDOW_SECONDS = 60;
const BAD_KEYS_PER_MINUTE = 10;

/** Requests a minute; 0 turns a limit off. */
export interface Quotas {
  readonly auth: number;
  readonly analyze: number;
  readonly analyzePro: number;
  readonly api: number;
}

export interface RateLimits {
  readonly api: RateLimit;
  readonly analyze: Readonly<Record<Plan, RateLimit>>;
  readonly badKeys: RateLimit;
}

export interface RateLimit {
  /** Name in the headers: `api`, `analyze`. */
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
  /** Counts one use of the key; null when the limit is off. Never fails: without its store it counts in memory. */
  consume(
    key: string,
  ): Promise<{ readonly exceeded: boolean; readonly remaining: number; readonly resetSeconds: number } | null>;
}

/** Makes a limiter that counts where all API processes see it. */
export type SharedStore = (options: IRateLimiterOptions) => RateLimiterStoreAbstract;

export function createRateLimits(quotas: Quotas, store: SharedStore): RateLimits {
  const limit = (name: string, keyPrefix: string, quota: number) => createRateLimit(name, keyPrefix, quota, store);
  return {
    api: limit("api", "api", quotas.api),
    analyze: {
      free: limit("analyze", "analyze", quotas.analyze),
      pro: limit("analyze", "analyze-pro", quotas.analyzePro),
    },
    badKeys: limit("auth", "bad-keys", BAD_KEYS_PER_MINUTE),
  };
}

function createRateLimit(name: string, keyPrefix: string, quota: number, store: SharedStore): RateLimit {
  const shape = { name, quota, windowSeconds: WINDOW_SECONDS };
  if (quota === 0) return { ...shape, consume: async () => null };
  const options = { keyPrefix, points: quota, duration: WINDOW_SECONDS };
  const limiter = store({ ...options, insuranceLimiter: new RateLimiterMemory(options) });
  return {
    ...shape,
    async consume(key) {
      const state = await limiter.consume(key).catch((refusal: unknown) => {
        if (refusal instanceof RateLimiterRes) return refusal;
        throw refusal;
      });
      return {
        exceeded: state.consumedPoints > quota,
        remaining: Math.max(0, state.remainingPoints),
        resetSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1_000)),
      };
    },
  };
}

interface PostgresPool {
  query(query: object): Promise<unknown>;
}

/** A count that takes longer than this is made in memory instead. Milliseconds. */
const STORE_DEADLINE_MS = 500;

/** Counts in the application's PostgreSQL, in a table the migrations made. */
export function postgresStore(pool: PostgresPool, tableName: string): SharedStore {
  const client = { query: (query: object) => pool.query({ ...query, query_timeout: STORE_DEADLINE_MS }) };
  return (options) =>
    new RateLimiterPostgres({ ...options, storeClient: client, storeType: "pool", tableName, tableCreated: true });
}

/** Counts in Redis. The client must fail fast while Redis is away. */
export function redisStore(client: object): SharedStore {
  return (options) =>
    new RateLimiterRedis({ ...options, keyPrefix: `wd:limit:${options.keyPrefix}`, storeClient: client });
}

/** Counts in this process alone, for tests that are about something else. */
export function memoryStore(): SharedStore {
  return (options) => new RateLimiterMemory(options) as RateLimiterMemory & RateLimiterStoreAbstract;
}
