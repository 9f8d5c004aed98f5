import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { checkout } from "../../local/checkout.ts";
import { commandLine } from "../../local/processes.ts";
import { eventually, familyOf } from "./processes.ts";

/** A command as a user runs it in a terminal of their own. */
export interface Command {
  /** Everything printed so far, on both channels. */
  output(): string;
  /** The first match in what it prints, as soon as it is there. Rejects when the command ends without. */
  says(words: RegExp): Promise<RegExpExecArray>;
  /** The process itself and all below it. */
  family(): readonly number[];
  /** Of those, the first whose command line fits. */
  find(words: RegExp): number;
  /** As Ctrl-C in its terminal: every process of the group. */
  interrupt(): void;
  /** Its exit code, or the name of the signal it died of. */
  ended(): Promise<number | NodeJS.Signals>;
}

/** What the READY line says. */
export interface Ready {
  readonly url: string;
  readonly apiKey: string;
  readonly freeApiKey: string;
  readonly docs: string;
}

interface StackOptions {
  readonly dataFolder: string;
  readonly port: number;
  readonly environment?: NodeJS.ProcessEnv;
}

const DEADLINE_MS = 60_000;

/** `npx pnpm@12 dev`, all the way. */
export function startDev(options: StackOptions): Command {
  return start("npx", ["--yes", "--prefer-offline", "pnpm@12", "dev"], { environment: stackEnvironment(options) });
}

/** What `pnpm demo` runs, by another user or from another folder if need be. */
export function startDemo(
  options: StackOptions & { readonly as?: number | undefined; readonly folder?: string },
): Command {
  const words = ["--import", "./infra/local/compile-cache.ts", "infra/local/dev.ts", "--exit-after-samples"];
  return start(nodeWithin(options.folder ?? checkout), words, { ...options, environment: stackEnvironment(options) });
}

/** The Node that this runs on, in a copy of the checkout its copy: another user may enter only that. */
function nodeWithin(folder: string): string {
  const place = relative(realpathSync(checkout), realpathSync(process.execPath));
  return place.startsWith("..") ? process.execPath : join(folder, place);
}

/** What `pnpm with-services …` runs: a program beside the throw-away servers of `pnpm test`. */
export function startWithServices(program: string, ...words: readonly string[]): Command {
  return start(process.execPath, ["infra/local/with-services.ts", program, ...words], {});
}

export async function readyOf(command: Command): Promise<Ready> {
  const [, json = ""] = await command.says(/^READY (.*)\n/m);
  return JSON.parse(json);
}

function stackEnvironment({ dataFolder, port, environment }: StackOptions): NodeJS.ProcessEnv {
  return { ...environment, DATA_DIR: dataFolder, PORT: String(port) };
}

function start(
  program: string,
  words: readonly string[],
  options: { readonly environment?: NodeJS.ProcessEnv; readonly as?: number | undefined; readonly folder?: string },
): Command {
  const { environment, as, folder = checkout } = options;
  const child = spawn(program, words, {
    cwd: folder,
    env: { ...userEnvironment(), ...environment },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(as !== undefined && { uid: as, gid: as }),
  });
  const pid = child.pid ?? 0;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (output += text));
  let end: number | NodeJS.Signals | undefined;
  const closed = once(child, "close").then(([code, signal]) => (end = code ?? signal));
  const family = () => familyOf(pid);
  return {
    family,
    output: () => output,
    async says(wanted) {
      await eventually(() => wanted.test(output) || end !== undefined, DEADLINE_MS);
      const match = wanted.exec(output);
      if (match === null) throw new Error(`${wanted} is not in what it printed (ended: ${end}):\n${output}`);
      return match;
    },
    find(wanted) {
      const found = family().find((member) => wanted.test(commandLine(member)));
      if (found === undefined) throw new Error(`no process fits ${wanted}`);
      return found;
    },
    interrupt: () => process.kill(-pid, "SIGINT"),
    ended: () => closed,
  };
}

/** The environment of a user's own shell: nothing of the package manager and the test runner that run us. */
function userEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(npm_|pnpm_|PNPM_|VITEST|TEST|TURBO|NODE|INIT_CWD$|DEV$|PROD$|MODE$|BASE_URL$|SSR$)/;
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.startsWith(join(checkout, "")));
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name))),
    PATH: path.join(delimiter),
  };
}
