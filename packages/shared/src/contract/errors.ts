/**
 * The error family. A code is stable for ever and decides the
 * HTTP status. Errors have two voices: `message` and `details` are the public one, `cause` is for the log alone.
 */

/** code → status and the public sentence used when the place that fails has nothing better to say. */
export const errorCodes = {
  VALIDATION_FAILED: { status: 400, message: "The request does not fit what this endpoint accepts; see details." },
  MALFORMED_JSON: {
    status: 400,
    message: "The body is not valid JSON. Check it with a JSON validator and send it again.",
  },
  INVALID_WORKFLOW: {
    status: 400,
    message:
      "No known workflow format fits this definition. Export the workflow from the builder and send it unchanged.",
  },
  INVALID_SIGNATURE: { status: 400, message: "The signature of this webhook does not verify." },
  UNAUTHENTICATED: {
    status: 401,
    message: "Send a valid API key as `Authorization: Bearer wd_live_…`, or sign in at /auth/login.",
  },
  FORBIDDEN: { status: 403, message: "This credential may not do that." },
  CSRF_FAILED: { status: 403, message: "The request came from an origin that may not use this session." },
  PLAN_REQUIRED: { status: 403, message: "This needs a higher plan." },
  NOT_FOUND: { status: 404, message: "There is nothing at this address." },
  METHOD_NOT_ALLOWED: { status: 405, message: "This address does not answer that method; see the Allow header." },
  NOT_ACCEPTABLE: { status: 406, message: "This address cannot answer in a format your Accept header allows." },
  CONFLICT: { status: 409, message: "The current state does not allow this; try again in a moment." },
  DEFINITION_REQUIRED: {
    status: 409,
    message:
      "No definition of this workflow is stored, and HighLevel's API does not give one. Export it: open the workflow in HighLevel's builder, open the browser's developer tools, tab Network, reload, choose the request whose address ends with the workflow's id and copy its response; send that to PUT /api/workflows/{id}/definition, or as `workflow` in the body. docs/EXPORTING_WORKFLOWS.md shows every way step by step.",
  },
  PAYLOAD_TOO_LARGE: { status: 413, message: "The body is larger than the 10 MiB this endpoint accepts." },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: "Send the body as `Content-Type: application/json`." },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    message: "This Idempotency-Key was used with a different body. Use a new key for a new request.",
  },
  RATE_LIMITED: { status: 429, message: "Too many requests; wait for the seconds given in Retry-After." },
  INTERNAL: { status: 500, message: "Something failed on our side. Report the request id if it happens again." },
  UPSTREAM_FAILED: { status: 502, message: "A service this request depends on failed; try again later." },
  UNAVAILABLE: {
    status: 503,
    message: "The service cannot take this now; try again after the seconds in Retry-After.",
  },
  UPSTREAM_TIMEOUT: {
    status: 504,
    message: "A service this request depends on did not answer in time; try again later.",
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** One problem of a request; `path` is a JSON Pointer into the part of the request it speaks of. */
export interface ErrorDetail {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export interface AppErrorOptions {
  /** Public sentence; the code's own when absent. */
  readonly message?: string;
  /** Problems of the request, or the state of a probe. */
  readonly details?: readonly ErrorDetail[] | Readonly<Record<string, unknown>>;
  /** Seconds; becomes `Retry-After`. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log; never leaves the process. */
  readonly cause?: unknown;
}

/** An error with a stable code that the HTTP layer turns into the envelope in one place. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly details: AppErrorOptions["details"];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.message ?? errorCodes[code].message, { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.headers =
      options.retryAfter === undefined
        ? { ...options.headers }
        : { ...options.headers, "Retry-After": String(Math.max(1, Math.ceil(options.retryAfter))) };
  }

  get status(): (typeof errorCodes)[ErrorCode]["status"] {
    return errorCodes[this.code].status;
  }
}

/** Codes a `failed` analysis carries in `error.code`; the upstream codes join when upstreams do. */
export const analysisFailureCodes = [
  "ANALYSIS_LIMIT_EXCEEDED",
  "ANALYSIS_CRASHED",
  "ATTEMPTS_EXHAUSTED",
  "DEFINITION_UNAVAILABLE",
  "UPSTREAM_FAILED",
  "UPSTREAM_TIMEOUT",
] as const;

export type AnalysisFailureCode = (typeof analysisFailureCodes)[number];
