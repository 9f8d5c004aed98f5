import { stripeFailure } from "@workflow-debugger/shared/billing";
import { AppError, type ErrorCode, errorCodes } from "@workflow-debugger/shared/contract";
import { isUnavailable } from "@workflow-debugger/shared/db";
import { GhlError } from "@workflow-debugger/shared/ghl";
import type { ErrorHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { failure } from "./envelope.ts";
import { stripeError, upstreamError } from "./upstream.ts";

const BROKEN_UPLOAD = "The body ended before it was complete.";

/** Seconds a client is asked to wait while the database is away. */
const DATABASE_RETRY_SECONDS = 2;

/** The one place where errors become answers: the public voice goes out, the internal one goes to the log. */
export function errorHandler({ log, settings }: Pick<Dependencies, "log" | "settings">): ErrorHandler<AppEnv> {
  return function answerError(error, context) {
    const known = toAppError(error, settings.environment !== "production");
    if (known.status >= 500 && !isRefusal(known)) {
      log.error({ err: error, requestId: context.get("requestId"), code: known.code }, "request failed");
    }
    return failure(context, known);
  };
}

/** Turned away on purpose: nothing failed, and of many that are nobody wants a stack each. Their requests are logged and counted. */
function isRefusal({ code, cause }: AppError): boolean {
  return code === "UNAVAILABLE" && cause === undefined;
}

/** @param telling whether the answer may say what went wrong inside (never in production). */
function toAppError(error: unknown, telling: boolean): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof GhlError) return upstreamError(error);
  const stripe = stripeFailure(error);
  if (stripe !== null) return stripeError(stripe, error);
  if (isBrokenUpload(error)) return new AppError("MALFORMED_JSON", { message: BROKEN_UPLOAD, cause: error });
  if (isUnavailable(error)) return new AppError("UNAVAILABLE", { retryAfter: DATABASE_RETRY_SECONDS, cause: error });
  if (error instanceof HTTPException && error.status < 500) return new AppError(codeOf(error.status), { cause: error });
  const message = telling && error instanceof Error ? { message: error.message } : {};
  return new AppError("INTERNAL", { ...message, cause: error });
}

function codeOf(status: number): ErrorCode {
  const codes = Object.keys(errorCodes) as ErrorCode[];
  return codes.find((code) => errorCodes[code].status === status) ?? "VALIDATION_FAILED";
}

/** Node's own error for a request that ends inside its body; it carries the code of a lost connection. */
function isBrokenUpload(error: unknown): boolean {
  return error instanceof Error && error.message === "aborted";
}
