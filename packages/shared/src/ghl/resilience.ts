import {
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  isBrokenCircuitError,
  retry,
} from "cockatiel";
import { GhlError, isHostFailure, isTransientGhlError } from "./errors.ts";

export interface ResilienceSettings {
  /** Attempts after the first, of a request that may be repeated. */
  readonly retries: number;
  /** Before the first of them; doubles with each, and a part of it is random. Milliseconds. */
  readonly backoffMs: number;
  /** A `Retry-After` beyond this is not waited for: the caller hears of it. Milliseconds. */
  readonly longestWaitMs: number;
  /** Failures of a host in a row after which it is left alone. */
  readonly breakAfter: number;
  /** How long it is left alone before one request tries it again. Milliseconds. */
  readonly restMs: number;
}

export const RESILIENCE: ResilienceSettings = {
  retries: 2,
  backoffMs: 200,
  longestWaitMs: 3_000,
  breakAfter: 5,
  restMs: 10_000,
};

export interface Resilience {
  /**
   * Runs one attempt after the other while failures are transient and repeating is allowed. A signal ends it all with a
   * `GhlError` `network`.
   */
  run<Result>(
    call: { readonly host: string; readonly repeatable: boolean; readonly signal?: AbortSignal | undefined },
    attempt: () => Promise<Result>,
  ): Promise<Result>;
}

/** Retries with jitter, and one circuit breaker per host: a host in trouble is left alone for a while. */
export function createResilience(settings: ResilienceSettings): Resilience {
  const { retries, backoffMs, longestWaitMs, breakAfter, restMs } = settings;
  const breakers = new Map<string, ReturnType<typeof circuitBreaker>>();
  const breakerOf = (host: string) => {
    const known = breakers.get(host);
    if (known !== undefined) return known;
    const breaker = circuitBreaker(handleWhen(isHostFailure), {
      breaker: new ConsecutiveBreaker(breakAfter),
      halfOpenAfter: restMs,
    });
    breakers.set(host, breaker);
    return breaker;
  };
  const worthRepeating = (error: unknown) =>
    isTransientGhlError(error) && (error.retryAfter ?? 0) * 1_000 <= longestWaitMs;
  const repeating = retry(handleWhen(worthRepeating), {
    maxAttempts: retries,
    backoff: new DelegateBackoff(({ attempt, result }) => {
      const asked = "error" in result && result.error instanceof GhlError ? result.error.retryAfter : undefined;
      const own = backoffMs * 2 ** (attempt - 1);
      return Math.max(own, (asked ?? 0) * 1_000) * (0.75 + Math.random() / 2);
    }),
  });

  async function guarded<Result>(host: string, attempt: () => Promise<Result>): Promise<Result> {
    try {
      return await breakerOf(host).execute(attempt);
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error;
      throw new GhlError("server", `${host} failed ${breakAfter} times in a row and is left alone for now`, {
        retryAfter: Math.ceil(restMs / 1_000),
        final: true,
        cause: error,
      });
    }
  }

  return {
    async run({ host, repeatable, signal }, attempt) {
      const once = () => guarded(host, attempt);
      try {
        return await (repeatable ? repeating.execute(once, signal) : once());
      } catch (error) {
        if (signal?.aborted !== true || error instanceof GhlError) throw error;
        const message = `${host} did not answer while its caller waited`;
        throw new GhlError("network", message, { timedOut: true, final: true, cause: error });
      }
    },
  };
}
