import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Ran, run } from "./run.ts";

/** A Docker engine that answers. */
export interface Docker {
  readonly source: string;
  run(words: readonly string[], timeoutMs?: number): Ran;
  /** The same, and what it printed; throws when it fails. */
  say(...words: readonly string[]): string;
  /** The output of a program as the input of a Docker command. */
  pipe(program: readonly string[], words: readonly string[]): void;
  /** Compose, in the folder of its file; throws when it fails. */
  compose(words: readonly string[], environment: NodeJS.ProcessEnv): string;
  /** Ends an engine that was started here, with all it holds. */
  stop(): Promise<void>;
}

/**
 * The engine that DOCKER_HOST or the default socket leads to; else one of our own, when this is root and `dockerd` is there.
 * Null with the reason in words otherwise.
 */
export async function openDocker(): Promise<Docker | { readonly reason: string }> {
  const client = ["/usr/bin/docker", "docker"].find((name) => run(name, ["--version"]).status === 0);
  if (client === undefined) return { reason: "there is no docker command" };
  if (run(client, ["info"], { timeoutMs: 10_000 }).status === 0)
    return docker(client, {}, "the engine that runs", async () => undefined);
  if (process.getuid?.() !== 0) return { reason: "no engine answers, and only root can start one" };
  if (run("dockerd", ["--version"]).status !== 0) return { reason: "no engine answers, and there is no dockerd" };
  return startEngine(client);
}

async function startEngine(client: string): Promise<Docker | { readonly reason: string }> {
  const folder = mkdtempSync(join(tmpdir(), "workflow-debugger-docker-"));
  const socket = `unix://${folder}/docker.sock`;
  const log = openSync(join(folder, "dockerd.log"), "w");
  const places = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec"), "--host", socket];
  const words = ["--storage-driver=vfs", ...places, "--pidfile", join(folder, "docker.pid")];
  const engine = spawn("dockerd", words, { stdio: ["ignore", log, log], detached: true });
  const stop = () => stopEngine(engine, folder);
  for (let tries = 0; tries < 100; tries += 1) {
    if (engine.exitCode !== null) break;
    if (run(client, ["info"], { env: { DOCKER_HOST: socket } }).status === 0)
      return docker(client, { DOCKER_HOST: socket }, "an engine started for this check", stop);
    await sleep(200);
  }
  const said = readFileSync(join(folder, "dockerd.log"), "utf8").trim().split("\n").at(-1);
  await stop();
  return { reason: `dockerd does not start: ${said}` };
}

async function stopEngine(engine: ChildProcess, folder: string): Promise<void> {
  engine.kill("SIGTERM");
  for (let tries = 0; engine.exitCode === null && engine.signalCode === null && tries < 150; tries += 1)
    await sleep(100);
  // The engine leaves the name space of its network mounted.
  run("umount", ["--lazy", join(folder, "exec/netns/default")]);
  rmSync(folder, { recursive: true, force: true });
}

function docker(client: string, env: NodeJS.ProcessEnv, source: string, stop: () => Promise<void>): Docker {
  const runDocker = (words: readonly string[], timeoutMs?: number) =>
    run(client, words, { env, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const compose = run(client, ["compose", "version"], { env }).status === 0 ? [client, "compose"] : ["docker-compose"];
  return {
    source,
    stop,
    run: runDocker,
    say(...words) {
      const { status, output } = runDocker(words);
      if (status !== 0) throw new Error(`docker ${words.join(" ")} failed:\n${output.slice(-4_000)}`);
      return output.trim();
    },
    pipe(program, words) {
      const command = `${program.map(quoted).join(" ")} | ${[client, ...words].map(quoted).join(" ")}`;
      const { status, output } = run("sh", ["-c", command], { env });
      if (status !== 0) throw new Error(`${command} failed:\n${output}`);
    },
    compose(words, environment) {
      const [program = "", ...first] = compose;
      const { status, output } = run(program, [...first, ...words], { env: { ...env, ...environment } });
      if (status !== 0) throw new Error(`compose ${words.join(" ")} failed:\n${output.slice(-6_000)}`);
      return output;
    },
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
