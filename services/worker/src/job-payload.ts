import type { JobName, JobPayload } from "@workflow-debugger/shared/contract";
import type { DispatchableRow } from "@workflow-debugger/shared/db";

/** What the queue is told of a row. */
export function jobPayload({ id, generation, requestId, traceparent }: DispatchableRow): JobPayload<JobName> {
  return { id, generation, requestId, ...(traceparent === null ? {} : { traceparent }) };
}
