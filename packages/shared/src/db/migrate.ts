import type { Logger } from "../observability/logger.ts";

/** The schema that BullMQ's PostgreSQL backend lives in. */
export const QUEUE_SCHEMA = "bullmq";

/**
 * Brings a database up to date: our tables, BullMQ's, and the grants of the service roles. Safe to run again and at
 * the same time from several places. Needs the roles of `provisionDatabase`; connects as the owner.
 */
export function migrate(_options: { readonly ownerUrl: string; readonly log: Logger }): Promise<void> {
  throw new Error("not written yet");
}
