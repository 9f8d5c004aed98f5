/**
 * What went wrong with a call to HighLevel, as its caller must act on it:
 * `auth` (sign in again), `rate_limit` (wait), `network` and `server` (try later), `not_found`, `invalid` (the request
 * itself was refused). Everything but the first and the last two may pass by itself.
 */
export type GhlErrorCategory = "auth" | "rate_limit" | "network" | "server" | "not_found" | "invalid";

export interface GhlErrorOptions {
  /** HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** Seconds to wait before the next attempt. */
  readonly retryAfter?: number | undefined;
  /** No answer within the time allowed. */
  readonly timedOut?: boolean;
  /** Who failed, for the user; HighLevel unless something else is named. */
  readonly service?: string;
  /** Repeating the same request cannot help, although the category says so. */
  readonly final?: boolean;
  readonly cause?: unknown;
}

/** The message is for the log: it names the call and HighLevel's own words, never a token. */
export class GhlError extends Error {
  override readonly name = "GhlError";
  readonly category: GhlErrorCategory;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly timedOut: boolean;
  readonly final: boolean;
  readonly service: string;

  constructor(category: GhlErrorCategory, message: string, options: GhlErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.category = category;
    this.status = options.status;
    this.retryAfter = options.retryAfter;
    this.timedOut = options.timedOut ?? false;
    this.final = options.final ?? false;
    this.service = options.service ?? "HighLevel";
  }
}

/** Worth repeating within moments. */
export function isTransientGhlError(error: unknown): error is GhlError {
  return error instanceof GhlError && !error.final && ["rate_limit", "network", "server"].includes(error.category);
}

/** The host itself is in trouble: what the circuit breaker counts. */
export function isHostFailure(error: unknown): boolean {
  return error instanceof GhlError && (error.category === "network" || error.category === "server");
}

export function categoryOfStatus(status: number): GhlErrorCategory {
  if (status === 401 || status === 403) return "auth";
  if (status === 404) return "not_found";
  if (status === 429) return "rate_limit";
  if (status === 408) return "network";
  return status >= 500 ? "server" : "invalid";
}
