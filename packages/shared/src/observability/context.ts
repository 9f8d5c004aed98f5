import { AsyncLocalStorage } from "node:async_hooks";

/** What every line logged inside `withLogContext` carries. */
export interface LogContext {
  requestId?: string;
  locationId?: string;
  traceparent?: string;
  jobId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work` so that every line logged in it, however deep, carries the fields of `context`. */
export function withLogContext<Result>(context: LogContext, work: () => Result): Result {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

/** The context of the running request or job. Fields may be added as they become known. */
export function currentContext(): LogContext | undefined {
  return storage.getStore();
}
