import type { Logger } from "../observability/logger.ts";
import type { Database } from "./database.ts";

export interface DatabaseHealth {
  readonly reachable: boolean;
  readonly latencyMs: number | null;
  readonly checkedAt: Date | null;
}

export interface DatabaseMonitor {
  /** What the last check found; reachable until one failed. Costs nothing. */
  health(): DatabaseHealth;
  /** Checks now; calls at the same time share one check. */
  check(): Promise<DatabaseHealth>;
  close(): void;
}

export interface MonitorOptions {
  readonly database: Pick<Database, "ping">;
  readonly log: Logger;
  /** Between checks while the database answers. Milliseconds. */
  readonly intervalMs?: number;
  /** Between checks while it does not. Milliseconds. */
  readonly retryMs?: number;
  readonly onChange?: (health: DatabaseHealth) => void;
}

/** Checks the database regularly, oftener while it is away, and tells when it goes and comes back. */
export function monitorDatabase(_options: MonitorOptions): DatabaseMonitor {
  throw new Error("not written yet");
}
