import type { Logger } from "./logger.ts";

export interface FinishedRequest {
  readonly requestId: string;
  readonly method: string;
  /** Without the query string, which may hold secrets. */
  readonly path: string;
  readonly statusCode: number;
  readonly durationMs: number;
  readonly locationId?: string | undefined;
}

/** The one line of a request: `← POST /api/analyze 202 (12ms)`. */
export function logRequest(log: Logger, request: FinishedRequest): void {
  const durationMs = Math.round(request.durationMs);
  const level = request.statusCode >= 500 ? "error" : "info";
  log[level]({ ...request, durationMs }, `← ${request.method} ${request.path} ${request.statusCode} (${durationMs}ms)`);
}

export interface FinishedJob {
  /** Name of the job, such as `analyse`. */
  readonly job: string;
  readonly jobId: string;
  readonly requestId?: string | undefined;
  readonly locationId?: string | undefined;
  readonly attempt?: number | undefined;
  /** In one word: `completed`, `failed`, `retried`, `canceled`, `lost`, `nothing`. */
  readonly outcome: string;
  readonly durationMs: number;
}

/** The one line of a job: `✓ analyse analysis-018f… completed (12ms)`. */
export function logJob(log: Logger, job: FinishedJob): void {
  const durationMs = Math.round(job.durationMs);
  const failed = job.outcome === "failed";
  log[failed ? "error" : "info"](
    { ...job, durationMs },
    `${failed ? "✗" : "✓"} ${job.job} ${job.jobId} ${job.outcome} (${durationMs}ms)`,
  );
}
