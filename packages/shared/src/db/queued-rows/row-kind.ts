import type { JobName } from "../../contract/jobs.ts";
import { CHANNELS } from "../listen.ts";

/**
 * A table whose rows are work: they wait, are handed to the queue under a generation, claimed by lease, and end once.
 * All have the columns id, status, generation, attempt, due_at, created_at, dispatched_at, lease_token, lease_until,
 * finished_at, dead_at, error, request_id and traceparent; `queued` and `running` are their open states.
 */
export interface RowKind {
  readonly table: "analyses" | "location_runs" | "webhook_events";
  /** Rows are dispatched one of each value in turn. */
  readonly tenantColumn: "location_id" | "provider";
  /** Notified when a row waits for the dispatcher. */
  readonly waiting: string;
  /** Notified with the id of a row whose status changed. */
  readonly changed: string;
}

/** Job name → the rows it works on. */
export const rowKinds = {
  analysis: {
    table: "analyses",
    tenantColumn: "location_id",
    waiting: CHANNELS.analysisWaiting,
    changed: CHANNELS.analysisChanged,
  },
  locationRun: {
    table: "location_runs",
    tenantColumn: "location_id",
    waiting: CHANNELS.locationRunWaiting,
    changed: CHANNELS.locationRunChanged,
  },
  webhook: {
    table: "webhook_events",
    tenantColumn: "provider",
    waiting: CHANNELS.webhookWaiting,
    changed: CHANNELS.webhookChanged,
  },
} as const satisfies Readonly<Record<JobName, RowKind>>;
