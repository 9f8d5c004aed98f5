import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { checkout } from "./checkout.ts";
import { describeExit, exited, stopProcess } from "./processes.ts";

/** A service of the local stack, running as a process of its own. */
export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles with how it ended, in words. */
  readonly ended: Promise<string>;
  /** Lets it begin. */
  begin(environment: NodeJS.ProcessEnv): void;
  /** SIGTERM, then SIGKILL after 20 seconds. */
  stop(): Promise<void>;
  /** SIGKILL now. */
  kill(): void;
}

interface Program {
  readonly main: string;
  /** The module that holds nearly everything the program loads, and does nothing by being loaded. */
  readonly warmUp: string;
}

const standIns = "packages/shared/test/stand-ins/index.ts";
const programs = {
  api: { main: "services/api/src/main.ts", warmUp: "services/api/src/app.ts" },
  worker: { main: "services/worker/src/main.ts", warmUp: "services/worker/src/start-worker.ts" },
  highlevel: { main: "infra/local/highlevel-stand-in.ts", warmUp: standIns },
  stripe: { main: "infra/local/stripe-stand-in.ts", warmUp: standIns },
} as const satisfies Readonly<Record<string, Program>>;

/** Starts the process of a part of the stack, which loads its modules and waits for `begin`; each of its lines is printed with its name before it. */
export function startService(name: keyof typeof programs, ...parameters: readonly string[]): ServiceProcess {
  const { main, warmUp } = programs[name];
  const preload = new URL("./service-preload.ts", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", preload, join(checkout, main), ...parameters], {
    cwd: checkout,
    env: { ...process.env, WARM_UP: pathToFileURL(join(checkout, warmUp)).href },
    detached: true, // a Ctrl-C in the terminal is for us: we end the services in order
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  printLines(name, child);
  const ended = exited(child).then(({ code, signal }) => describeExit(code, signal));
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    begin(environment) {
      child.send(environment, () => undefined); // one that has ended is told of by `ended`
    },
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
    createInterface({ input: stream }).on("line", (line) => console.log(`${name.padEnd(9)} │ ${line}`));
  }
}
