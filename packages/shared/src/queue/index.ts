/**
 * The queue room: one small interface over BullMQ on PostgreSQL or Redis. The queue is only the doorbell; whatever it
 * loses, dispatcher and reconciler bring back from the rows.
 */
export type { QueueBackendName, QueueLocation } from "./backend.ts";
export { DeadlineExceeded, within } from "./deadline.ts";
export { describeFailure } from "./failure-description.ts";
export {
  type AddOutcome,
  type Job,
  type JobQueue,
  openQueue,
  type QueueCounts,
  type QueueName,
  type QueueOptions,
  type QueueTimings,
} from "./job-queue.ts";
export {
  type JobContext,
  type JobHandler,
  type JobOutcome,
  type JobWorker,
  openWorker,
  type WorkerOptions,
  type WorkerTimings,
} from "./job-worker.ts";
export { redisPrefix } from "./redis-backend.ts";
