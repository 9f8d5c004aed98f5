/** Logs: one line of JSON per event, with the context of the request or job it belongs to. */

export { currentContext, type LogContext, withLogContext } from "./context.ts";
export { type FinishedJob, type FinishedRequest, logJob, logRequest } from "./lines.ts";
export { createLogger, type Logger, type LoggerOptions } from "./logger.ts";
