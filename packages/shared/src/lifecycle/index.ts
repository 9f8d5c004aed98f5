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
  /** Ends the process, and the events it is told by; tests pass their own. */
  readonly host?: ProcessHost;
}

/** The part of `process` that a lifecycle needs. */
export interface ProcessHost {
  on(event: string, listener: (value: unknown) => void): unknown;
  exit(code: number): void;
}

/**
 * Owns the end of a process: on SIGTERM or SIGINT closes what was registered, in reverse order and within the
 * deadline, then exits 0 (1 when something did not close); exits at once on a second signal; treats an unhandled
 * rejection or exception as fatal: logged, closed down, exit 1.
 */
export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { log, deadlineMs = 30_000, host = process } = options;
  const closers: { name: string; close: () => Promise<void> | void }[] = [];
  let ending: Promise<void> | null = null;

  async function end(reason: string, exitCode: number): Promise<void> {
    log.info({ reason }, "shutting down");
    const deadline = performance.now() + deadlineMs;
    let code = exitCode;
    for (const { name, close } of closers.toReversed()) {
      const outcome = await within(deadline - performance.now(), close);
      if (outcome.closed) continue;
      code = 1;
      log.error({ err: outcome.error, part: name }, `${name} did not close`);
    }
    log.info({ reason, exitCode: code }, "stopped");
    host.exit(code);
  }

  function shutdown(reason: string, exitCode = 0): Promise<void> {
    ending ??= end(reason, exitCode);
    return ending;
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const)
    host.on(signal, () => {
      if (ending === null) {
        void shutdown(signal);
        return;
      }
      log.warn({ signal }, "second signal, stopping at once");
      host.exit(1);
    });
  for (const event of ["unhandledRejection", "uncaughtException"] as const)
    host.on(event, (error) => {
      log.fatal({ err: error }, event === "unhandledRejection" ? "unhandled rejection" : "uncaught exception");
      if (ending === null) void shutdown(event, 1);
      else host.exit(1);
    });

  return {
    get shuttingDown() {
      return ending !== null;
    },
    onShutdown(name, close) {
      closers.push({ name, close });
    },
    shutdown,
  };
}

/** Runs a closer, but waits no longer than the time left (and at least one turn of the loop). */
async function within(
  leftMs: number,
  close: () => Promise<void> | void,
): Promise<{ closed: true } | { closed: false; error: unknown }> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("out of time")), Math.max(leftMs, 1));
  try {
    await Promise.race([(async () => close())(), late]);
    return { closed: true };
  } catch (error) {
    return { closed: false, error };
  } finally {
    clearTimeout(timer);
  }
}
