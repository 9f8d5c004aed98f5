import { type Database, extendRowLease, type LeaseHolder, type RowKind } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { describeFailure } from "@workflow-debugger/shared/queue";

export interface LeaseSettings {
  /** A worker that is silent for so long has lost its claims. Milliseconds. */
  readonly leaseMs: number;
  /** Between extensions; also how soon a cancellation is seen. Milliseconds. */
  readonly extendEveryMs: number;
}

export interface LeaseKeeper {
  /** Null while the lease holds; then why it does not. */
  ended(): "canceled" | "lost" | null;
  stop(): void;
}

/**
 * Extends the lease of a claimed row until stopped. Calls `onEnd` once when the work was canceled or the
 * lease lost: the work is for nothing then.
 */
export function keepLease(
  options: LeaseSettings & {
    readonly database: Database;
    readonly kind: RowKind;
    readonly row: LeaseHolder;
    readonly log: Logger;
    readonly onEnd: () => void;
  },
): LeaseKeeper {
  const { database, kind, row, leaseMs, extendEveryMs, log, onEnd } = options;
  const { id, leaseToken } = row;
  let extendedAt = performance.now();
  let end: "canceled" | "lost" | null = null;
  let stopped = false;
  let timer = setTimeout(extend, extendEveryMs);

  async function extend(): Promise<void> {
    const askedAt = performance.now();
    try {
      const state = await extendRowLease(database, kind, { id, leaseToken, leaseMs });
      if (state === "held") extendedAt = askedAt;
      else end = state;
    } catch (error) {
      log.warn({ failure: describeFailure(error) }, "lease not extended");
      if (performance.now() - extendedAt > leaseMs) end = "lost";
    }
    if (stopped) return;
    if (end === null) timer = setTimeout(extend, extendEveryMs);
    else onEnd();
  }

  return {
    ended: () => end,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
