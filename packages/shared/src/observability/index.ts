/** Logs, metrics, traces and error reports: what a process tells of itself. */

export { currentContext, type LogContext, withLogContext } from "./context.ts";
export { type ErrorReports, openErrorReports } from "./error-reports.ts";
export { type FinishedJob, type FinishedRequest, logJob, logRequest } from "./lines.ts";
export { createLogger, type Logger, type LoggerOptions } from "./logger.ts";
export {
  createMetrics,
  type JobMetrics,
  jobMetrics,
  type Metrics,
  type MetricsPage,
  measurePool,
  noJobMetrics,
  type RequestMetrics,
  requestMetrics,
} from "./metrics.ts";
export { registerSystemGauges, type SystemState } from "./system-gauges.ts";
export { type ActiveSpan, noTracing, openTracing, type Tracing } from "./tracing.ts";
