import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder, checkout } from "../../local/checkout.ts";
import { endWithUs } from "../../local/end-with-us.ts";
import { exited } from "../../local/processes.ts";

export type ServiceName = "api" | "worker";

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The API or a worker as a process of its own, with the lines it logged. */
export interface ServiceProcess {
  readonly pid: number;
  readonly running: boolean;
  readonly ended: Promise<Exit>;
  readonly log: readonly string[];
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal and gives how the process ended, and after how long. */
  end(signal: NodeJS.Signals): Promise<Exit & { readonly ms: number }>;
  /** Resident memory now, in MiB; 0 when it has ended. */
  memoryMb(): number;
}

export interface ServiceOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Modules loaded before the service. */
  readonly preload?: readonly string[];
  /** The checkout it is started from; this one unless another release is meant. */
  readonly from?: string;
}

const KEPT_LINES = 200_000;

export function startServiceProcess(
  name: ServiceName,
  { environment, preload = [], from = checkout }: ServiceOptions,
): ServiceProcess {
  const words = [...preload.flatMap((module) => ["--import", module]), join(from, "services", name, "src", "main.ts")];
  const child = spawn(process.execPath, words, {
    cwd: from,
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: join(cacheFolder, "node"), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  endWithUs(child, "SIGTERM");
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (log.length < KEPT_LINES) log.push(line);
    });
  }
  const ended = exited(child);
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? 0,
    get running() {
      return running();
    },
    ended,
    log,
    signal: (signal) => void child.kill(signal),
    async end(signal) {
      const start = performance.now();
      child.kill(signal);
      return { ...(await ended), ms: performance.now() - start };
    },
    memoryMb: () => (running() ? residentMb(child.pid ?? 0) : 0),
  };
}

function residentMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
