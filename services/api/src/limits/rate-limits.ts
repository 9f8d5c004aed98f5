import type { Plan } from "@workflow-debugger/engine/report";
import type { SharedStore } from "@workflow-debugger/shared/limits";
import { RateLimiterRes } from "rate-limiter-flexible";

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
  readonly auth: RateLimit;
  readonly api: RateLimit;
  readonly analyze: Readonly<Record<Plan, RateLimit>>;
  readonly badKeys: RateLimit;
}

export interface RateLimit {
  /** Name in the headers: `auth`, `api`, `analyze`. */
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
  /** Counts one use of the key; null when the limit is off. Never fails: without its store it counts in memory. */
  consume(
    key: string,
  ): Promise<{ readonly exceeded: boolean; readonly remaining: number; readonly resetSeconds: number } | null>;
}

export function createRateLimits(quotas: Quotas, store: SharedStore): RateLimits {
  const limit = (name: string, keyPrefix: string, quota: number) => createRateLimit(name, keyPrefix, quota, store);
  return {
    auth: limit("auth", "auth", quotas.auth),
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
  const limiter = store(options);
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
