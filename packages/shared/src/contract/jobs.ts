import { z } from "zod";

/**
 * What travels through the queue: a reference to a row, never its content. The queue holds no personal data and no
 * secrets, and a job that outlives or loses its row does no harm.
 *
 * Unknown keys are dropped rather than refused, so that two versions can run side by side during a rolling deploy.
 */
const rowReference = z.object({
  /** The row's id. */
  id: z.uuid(),
  /** Dispatch generation of the row; a delivery of an older generation finds nothing to claim. */
  generation: z.int().min(1),
  /** The request that created the row; carried into the worker's log lines. */
  requestId: z.guid(),
  /** W3C trace context of that request. */
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional(),
});

export interface JobDefinition {
  readonly queue: string;
  readonly schema: z.ZodType;
  /** Deliveries before the handler's failure is final. */
  readonly attempts: number;
  /** First retry delay in milliseconds; doubles per attempt, with half of it random. */
  readonly backoffMs: number;
  /** Longest a single run may take, in milliseconds. */
  readonly deadlineMs: number;
}

/** Job name → where it runs and under which limits. Handlers and producers are typed from this literal. */
export const jobs = {
  analysis: { queue: "analysis", schema: rowReference, attempts: 3, backoffMs: 1_000, deadlineMs: 60_000 },
  /** An audit or a simulation of many workflows of a location. */
  locationRun: { queue: "location-run", schema: rowReference, attempts: 3, backoffMs: 1_000, deadlineMs: 120_000 },
  /** Its own retries live in the row; the queue's serve a database that was away. */
  webhook: { queue: "webhook", schema: rowReference, attempts: 3, backoffMs: 1_000, deadlineMs: 60_000 },
} as const satisfies Readonly<Record<string, JobDefinition>>;

export type JobName = keyof typeof jobs;
export type JobPayload<Name extends JobName> = z.output<(typeof jobs)[Name]["schema"]>;

/** Deterministic job id: adding the same generation twice is one job, a new generation is a new one. */
export function jobId(name: JobName, payload: { readonly id: string; readonly generation: number }): string {
  return `${name}-${payload.id}-g${payload.generation}`;
}

/** What the queue is told of a row. */
export function jobPayload({
  id,
  generation,
  requestId,
  traceparent,
}: {
  readonly id: string;
  readonly generation: number;
  readonly requestId: string;
  readonly traceparent: string | null;
}): JobPayload<JobName> {
  return { id, generation, requestId, ...(traceparent === null ? {} : { traceparent }) };
}
