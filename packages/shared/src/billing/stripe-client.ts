import Stripe from "stripe";

/** The version whose shapes this code reads; events of other versions are parked. Pinned by the SDK. */
export const STRIPE_API_VERSION = Stripe.API_VERSION;

export interface StripeSettings {
  readonly secretKey: string;
  /** Where Stripe's API is, when it is not Stripe's own: the stand-in of development and tests. */
  readonly apiBase?: string | undefined;
  /** For one request. Milliseconds. */
  readonly timeoutMs?: number;
  /** Repeats of a request that failed on the way. */
  readonly retries?: number;
}

/** The official client. The queue does the patient retrying, so a request gives up soon. */
export function openStripe({ secretKey, apiBase, timeoutMs = 10_000, retries = 1 }: StripeSettings): Stripe {
  const base = apiBase === undefined ? null : new URL(apiBase);
  return new Stripe(secretKey, {
    timeout: timeoutMs,
    maxNetworkRetries: retries,
    telemetry: false,
    ...(base === null
      ? {}
      : {
          host: base.hostname,
          port: base.port || (base.protocol === "https:" ? "443" : "80"),
          protocol: base.protocol === "https:" ? "https" : "http",
        }),
  });
}

/** What kind of failure an error of Stripe's client is. */
export type StripeFailureCategory = "auth" | "rate_limit" | "network" | "server" | "not_found" | "invalid";

/** The category of an error thrown by the client; null when it is none of Stripe's. */
export function stripeFailure(error: unknown): StripeFailureCategory | null {
  if (!(error instanceof Stripe.errors.StripeError)) return null;
  if (error instanceof Stripe.errors.StripeConnectionError) return "network";
  if (error instanceof Stripe.errors.StripeRateLimitError) return "rate_limit";
  if (error instanceof Stripe.errors.StripeAuthenticationError) return "auth";
  if (error instanceof Stripe.errors.StripePermissionError) return "auth";
  if (error.statusCode === 404) return "not_found";
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return "invalid";
  return "server";
}
