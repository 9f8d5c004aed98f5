import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { checkout } from "./checkout.ts";
import { endWithUs } from "./end-with-us.ts";
import { onPackageManagerGone } from "./package-manager.ts";
import { exited } from "./processes.ts";

/** Signals by which a person or a supervisor ends a command. */
export const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The exit code that tells a shell of an end by this signal. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * Runs commands one at a time at the checkout's root, passing on the signals that end us. After such a signal no further
 * command starts, and `interruptedBy` tells which it was.
 */
export function commandRunner() {
  let running: ChildProcess | undefined;
  let interruptedBy: NodeJS.Signals | undefined;
  for (const signal of ENDING_SIGNALS) {
    process.on(signal, () => interrupt(signal));
  }
  onPackageManagerGone(() => interrupt("SIGTERM"));
  function interrupt(signal: NodeJS.Signals) {
    interruptedBy ??= signal;
    running?.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
  }
  return {
    interruptedBy: () => interruptedBy,
    /** Runs the command to its end and returns its exit code (127 when it cannot be started). */
    async run(program: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
      if (interruptedBy !== undefined) return exitCodeOf(interruptedBy);
      const child = spawn(program, words, {
        cwd: checkout,
        stdio: ["ignore", "inherit", "inherit"],
        env: { ...process.env, ...environment },
      });
      running = child;
      endWithUs(child, "SIGTERM");
      const failed = new Promise<{ code: number; signal: null }>((resolve) => {
        child.once("error", (error) => {
          console.error(`${program} cannot be started: ${error.message}`);
          resolve({ code: 127, signal: null });
        });
      });
      const { code, signal } = await Promise.race([exited(child), failed]);
      running = undefined;
      return code ?? (signal === null ? 1 : exitCodeOf(signal));
    },
  };
}
