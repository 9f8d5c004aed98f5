import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkout } from "./checkout.ts";
import { describeExit, exited, stopProcess } from "./processes.ts";

/** A service of the local stack, running as a process of its own. */
export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles with how it ended, in words. */
  readonly ended: Promise<string>;
  /** SIGTERM, then SIGKILL after 20 seconds. */
  stop(): Promise<void>;
  /** SIGKILL now. */
  kill(): void;
}

const programs = {
  api: "services/api/src/main.ts",
  worker: "services/worker/src/main.ts",
  highlevel: "infra/local/highlevel-stand-in.ts",
  stripe: "infra/local/stripe-stand-in.ts",
};

/** Starts a part of the stack; each of its lines is printed with its name before it. */
export function startService(
  name: keyof typeof programs,
  environment: NodeJS.ProcessEnv,
  ...parameters: readonly string[]
): ServiceProcess {
  const preload = new URL("./leave-with-parent.ts", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", preload, join(checkout, programs[name]), ...parameters], {
    cwd: checkout,
    env: { ...process.env, ...environment },
    detached: true, // a Ctrl-C in the terminal is for us: we end the services in order
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  printLines(name, child);
  const ended = exited(child).then(({ code, signal }) => describeExit(code, signal));
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      const gone = () => child.exitCode !== null || child.signalCode !== null;
      if (child.pid === undefined || gone()) return;
      await stopProcess(child.pid, [["SIGTERM", 20_000], ["SIGKILL", 2_000]], gone); // biome-ignore format: a pair each
    },
    kill: () => child.kill("SIGKILL"),
  };
}

function printLines(name: string, { stdout, stderr }: ChildProcess): void {
  for (const stream of [stdout, stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => console.log(`${name.padEnd(6)} │ ${line}`));
  }
}
