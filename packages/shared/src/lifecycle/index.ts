import type { Logger } from "../observability/logger.ts";

export interface Lifecycle {
  /** True from the moment shutdown begins: `/ready` answers 503. */
  readonly shuttingDown: boolean;
  /** Registers what must be closed; the last registered closes first. */
  onShutdown(name: string, close: () => Promise<void> | void): void;
  /** Begins shutdown (once) and ends the process; also called on SIGTERM and SIGINT. */
  shutdown(reason: string, exitCode?: number): Promise<void>;
}

export interface LifecycleOptions {
  readonly log: Logger;
  /** For the whole of shutdown. Milliseconds. */
  readonly deadlineMs?: number;
  /** Ends the process; tests pass their own. */
  readonly exit?: (code: number) => void;
}

/**
 * Owns the end of a process: closes what was registered in reverse order within the deadline on SIGTERM or SIGINT,
 * exits at once on a second signal, and treats an unhandled rejection or exception as fatal (logged, exit 1).
 */
export function createLifecycle(_options: LifecycleOptions): Lifecycle {
  throw new Error("not written yet");
}
