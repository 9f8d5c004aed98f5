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
export function monitorDatabase(options: MonitorOptions): DatabaseMonitor {
  const { database, log, intervalMs = 30_000, retryMs = 1_000, onChange } = options;
  let health: DatabaseHealth = { reachable: true, latencyMs: null, checkedAt: null };
  let checking: Promise<DatabaseHealth> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function ping(): Promise<DatabaseHealth> {
    const before = health.reachable;
    try {
      const { latencyMs } = await database.ping();
      health = { reachable: true, latencyMs, checkedAt: new Date() };
      if (!before) log.info({ latencyMs }, "the database answers again");
    } catch (error) {
      health = { reachable: false, latencyMs: null, checkedAt: new Date() };
      if (before) log.error({ err: error }, "the database does not answer");
    }
    if (before !== health.reachable) onChange?.(health);
    return health;
  }

  function check(): Promise<DatabaseHealth> {
    checking ??= ping().finally(() => {
      checking = null;
      clearTimeout(timer);
      if (!closed) timer = setTimeout(check, health.reachable ? intervalMs : retryMs).unref();
    });
    return checking;
  }

  void check();
  return {
    health: () => health,
    check,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
