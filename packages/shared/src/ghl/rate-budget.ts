import { setTimeout as sleep } from "node:timers/promises";
import { RateLimiterRes } from "rate-limiter-flexible";
import type { SharedStore } from "../limits/index.ts";
import { GhlError } from "./errors.ts";
import { retryAfterSeconds } from "./exchange.ts";

/**
 * HighLevel allows each app 100 requests per 10 seconds and 200,000 per day for each location or company (ghl.md 3.5,
 * from its Authorization page). All processes count together, so that together they stay below; what the headers of an
 * answer say of the rest is believed over our own count.
 */
export const BURST = { points: 100, seconds: 10 } as const;
export const DAILY = { points: 200_000, seconds: 86_400 } as const;

/** Below this share of the burst, what HighLevel says is left is compared with our own count. */
const SCARCE = BURST.points / 2;
/** When HighLevel says that the day's requests are used up, but not when the day ends. Seconds. */
const DAY_REST_SECONDS = 900;

export interface RateBudget {
  /** Takes one request of the resource, waiting for it at most `patienceMs`; else throws a `GhlError` `rate_limit`. */
  take(resource: string, patienceMs: number, signal?: AbortSignal): Promise<void>;
  /** Learns what the headers of an answer say. Never fails. */
  learn(resource: string, headers: Headers, status: number): Promise<void>;
}

export function createRateBudget(store: SharedStore): RateBudget {
  const burst = store({ keyPrefix: "ghl", points: BURST.points, duration: BURST.seconds });
  const daily = store({ keyPrefix: "ghl-day", points: DAILY.points, duration: DAILY.seconds });

  async function learn(resource: string, headers: Headers, status: number): Promise<void> {
    const left = numberIn(headers, "x-ratelimit-remaining");
    const leftToday = numberIn(headers, "x-ratelimit-daily-remaining");
    if (leftToday === 0) {
      await daily.block(resource, numberIn(headers, "x-ratelimit-daily-reset") ?? DAY_REST_SECONDS);
    }
    if (status === 429) {
      const interval = (numberIn(headers, "x-ratelimit-interval-milliseconds") ?? BURST.seconds * 1_000) / 1_000;
      await burst.block(resource, Math.max(1, Math.ceil(retryAfterSeconds(headers) ?? interval)));
    } else if (left !== undefined && left < SCARCE) {
      const ours = (await burst.get(resource))?.remainingPoints ?? BURST.points;
      if (ours > left) await burst.penalty(resource, ours - left);
    }
  }

  return {
    async take(resource, patienceMs, signal) {
      const give = performance.now() + patienceMs;
      for (const limiter of [daily, burst]) {
        for (;;) {
          const refusal = await limiter.consume(resource).then(() => null, refused);
          if (refusal === null) break;
          if (performance.now() + refusal.msBeforeNext > give) {
            throw new GhlError("rate_limit", `the requests allowed for ${resource} are used up`, {
              retryAfter: Math.ceil(refusal.msBeforeNext / 1_000),
              final: true,
            });
          }
          await sleep(
            refusal.msBeforeNext * (1 + Math.random() / 10),
            undefined,
            signal === undefined ? {} : { signal },
          );
        }
      }
    },
    learn: (resource, headers, status) => learn(resource, headers, status).catch(() => undefined),
  };
}

function refused(refusal: unknown): RateLimiterRes {
  if (refusal instanceof RateLimiterRes) return refusal;
  throw refusal;
}

function numberIn(headers: Headers, name: string): number | undefined {
  const value = headers.get(name);
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}
