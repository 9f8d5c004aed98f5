import type { StripeFailureCategory } from "@workflow-debugger/shared/billing";
import { AppError } from "@workflow-debugger/shared/contract";
import type { GhlError } from "@workflow-debugger/shared/ghl";

/** Seconds a client is asked to wait when HighLevel did not say. */
const RETRY_SECONDS = 10;

/** A failure of HighLevel as its category says to the user; the error's own words go to the log. */
export function upstreamError(error: GhlError): AppError {
  const { category, timedOut, service, retryAfter = RETRY_SECONDS } = error;
  const details = { category };
  switch (category) {
    case "auth":
      return new AppError("UPSTREAM_FAILED", {
        message: "HighLevel does not accept this location's sign-in any more. Sign in again at /auth/login.",
        details,
        cause: error,
      });
    case "rate_limit":
      return new AppError("UPSTREAM_FAILED", {
        message: `${service} allows no more requests for now; try again after the seconds in Retry-After.`,
        details,
        retryAfter,
        cause: error,
      });
    case "network":
      return timedOut
        ? new AppError("UPSTREAM_TIMEOUT", {
            message: `${service} did not answer in time; try again later.`,
            details,
            retryAfter,
            cause: error,
          })
        : new AppError("UPSTREAM_FAILED", {
            message: `${service} could not be reached; try again later.`,
            details,
            retryAfter,
            cause: error,
          });
    case "server":
      return new AppError("UPSTREAM_FAILED", {
        message: `${service} failed to answer; try again later.`,
        details,
        retryAfter,
        cause: error,
      });
    case "not_found":
      return new AppError("NOT_FOUND", { message: `${service} knows nothing of this.`, cause: error });
    case "invalid":
      return new AppError("VALIDATION_FAILED", {
        message: `${service} refused the request: a code that was used or is too old, or a value it does not know.`,
        details: [{ path: "", code: "refused", message: `was refused by ${service}` }],
        cause: error,
      });
  }
}

/** A failure of Stripe; whatever it is, the request may be sent again. */
export function stripeError(category: StripeFailureCategory, cause: unknown): AppError {
  const details = { category };
  if (category === "network" && isTimeout(cause)) {
    const message = "Stripe did not answer in time; try again later.";
    return new AppError("UPSTREAM_TIMEOUT", { message, details, retryAfter: RETRY_SECONDS, cause });
  }
  const message = "Stripe could not do this now; try again later.";
  return new AppError("UPSTREAM_FAILED", { message, details, retryAfter: RETRY_SECONDS, cause });
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout/i.test(error.message);
}
