import { type ChildProcess, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "./stack-error.ts";

/** How a process ended, in words: `exit code 1` or `signal SIGKILL`. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

/** Settles when the child has ended, at once if it has already. */
export function exited(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  if (child.exitCode !== null || child.signalCode !== null) {
    resolve({ code: child.exitCode, signal: child.signalCode });
  } else {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  }
  return promise;
}

/** Whether a process with this id runs (another user's counts too, one that only waits to be reaped does not). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) !== "EPERM") return false;
  }
  const state = statusFields(pid)?.[0];
  return state !== "Z" && state !== "X";
}

/** When a process started, in the system's own terms: tells it from a later one with the same id. Empty when unknown. */
export function startTime(pid: number): string {
  return statusFields(pid)?.[19] ?? tellByPs(pid, "lstart=");
}

/** The process that started this one, or took it over; 0 when unknown. */
export function parentOf(pid: number): number {
  return Number(statusFields(pid)?.[1] ?? tellByPs(pid, "ppid="));
}

/** The command line of a process with spaces between its words, empty when there is none to see. */
export function commandLine(pid: number): string {
  const words = readOrUndefined(`/proc/${pid}/cmdline`);
  if (words !== undefined) return words.replaceAll("\0", " ").trim();
  return tellByPs(pid, "command=");
}

/** The fields of Linux's /proc/<pid>/stat from the third on (state, parent, …); the second may hold any character. */
function statusFields(pid: number): string[] | undefined {
  const status = readOrUndefined(`/proc/${pid}/stat`);
  return status?.slice(status.lastIndexOf(")") + 2).split(" ");
}

function tellByPs(pid: number, field: string): string {
  return spawnSync("ps", ["-o", field, "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() ?? "";
}

/**
 * Sends the signals in turn, each with the milliseconds it is given to work, until `isGone` says so.
 * Returns whether the process is gone.
 */
export async function stopProcess(
  pid: number,
  steps: readonly (readonly [NodeJS.Signals, number])[],
  isGone: () => boolean = () => !isAlive(pid),
): Promise<boolean> {
  for (const [signal, patience] of steps) {
    if (isGone()) return true;
    try {
      process.kill(pid, signal);
    } catch {
      return isGone();
    }
    const deadline = performance.now() + patience;
    while (performance.now() < deadline && !isGone()) await sleep(25);
  }
  return isGone();
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
