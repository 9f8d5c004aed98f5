import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { endWithUs } from "./end-with-us.ts";
import { findFreePort } from "./free-port.ts";
import { exited, stopProcess } from "./processes.ts";
import { unpackRedisFromDebian } from "./redis-from-debian.ts";
import { startRedisInDocker } from "./redis-in-docker.ts";
import { StackError } from "./stack-error.ts";

/** A Redis for the tests: `redis://…`, where it comes from in words, and how to give it back. */
export interface RedisServer {
  readonly url: string;
  readonly source: string;
  stop(): Promise<void>;
}

/** The settings that BullMQ needs. @param durable writes what changes to disk, as in production */
function settingsOf(durable: boolean): readonly string[] {
  return ["--maxmemory-policy", "noeviction", "--save", "", "--appendonly", durable ? "yes" : "no"];
}

/**
 * Finds Redis: TEST_REDIS_URL or REDIS_URL; a server on PATH; Docker, when it has or soon gets the image; the packages of
 * Debian or Ubuntu, unpacked into `.cache`.
 * @param durable keeps an append-only file, unless the server is one that was there
 * @throws {StackError} saying what to install
 */
export async function startRedis(cacheFolder: string, durable = false): Promise<RedisServer> {
  const settings = settingsOf(durable);
  const given = process.env["TEST_REDIS_URL"] || process.env["REDIS_URL"];
  if (given) {
    await requireAnswer(given);
    return { url: given, source: "the server named by TEST_REDIS_URL or REDIS_URL", stop: async () => undefined };
  }
  const onPath = redisOnPath();
  if (onPath !== undefined) return await startServer(onPath, settings);
  const container = await startRedisInDocker(settings);
  if (container.server !== undefined) return container.server;
  const unpacked = await unpackedRedis(cacheFolder);
  if ("source" in unpacked) return await startServer(unpacked, settings);
  throw new StackError(
    "No Redis to test against. Install redis-server (or valkey-server), or start Docker, or set TEST_REDIS_URL.\n" +
      `  on PATH: neither redis-server nor valkey-server\n  Docker: ${container.reason}\n  packages: ${unpacked.reason}`,
  );
}

/**
 * Starts a Redis of our own, whatever TEST_REDIS_URL says, for tests that kill it: on the port of an earlier one, when given.
 * @throws {StackError} saying what to install
 */
export async function startOwnRedis(cacheFolder: string, port?: number): Promise<OwnRedis> {
  const found = redisOnPath() ?? (await unpackedRedis(cacheFolder));
  if ("source" in found) return await startServer(found, settingsOf(false), port);
  throw new StackError(
    `No redis-server that can be killed. Install redis-server or valkey-server. Packages: ${found.reason}`,
  );
}

/** A server that runs on this machine, and how it is started. */
interface RedisProgram {
  readonly program: string;
  readonly source: string;
  readonly environment: Record<string, string>;
}

function redisOnPath(): RedisProgram | undefined {
  for (const program of ["redis-server", "valkey-server"]) {
    const version = versionOf(program);
    if (version !== undefined) return { program, source: `${program} ${version} on PATH`, environment: {} };
  }
  return undefined;
}

async function unpackedRedis(cacheFolder: string): Promise<RedisProgram | { readonly reason: string }> {
  const unpacked = await unpackRedisFromDebian(cacheFolder);
  if (unpacked.program === undefined) return { reason: unpacked.reason };
  const { program, libraries } = unpacked;
  const environment = { LD_LIBRARY_PATH: libraries };
  const version = versionOf(program, environment);
  if (version === undefined) return { reason: "the unpacked redis-server does not run" };
  return { program, source: `redis-server ${version} from the distribution's packages`, environment };
}

function versionOf(program: string, environment: Record<string, string> = {}): string | undefined {
  const run = spawnSync(program, ["--version"], { encoding: "utf8", env: { ...process.env, ...environment } });
  return run.status === 0 ? (/v=(\S+)/.exec(run.stdout)?.[1] ?? "(version unknown)") : undefined;
}

/** A Redis that is ours to kill. */
export interface OwnRedis extends RedisServer {
  readonly pid: number;
  readonly port: number;
}

async function startServer(
  { program, source, environment }: RedisProgram,
  settings: readonly string[],
  wantedPort?: number,
): Promise<OwnRedis> {
  const folder = mkdtempSync(join(tmpdir(), "workflow-debugger-redis-"));
  const logFile = join(folder, "redis.log");
  const port = wantedPort ?? (await findFreePort());
  const log = openSync(logFile, "w", 0o600);
  const server = spawn(program, ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, ...settings], {
    env: { ...process.env, ...environment },
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  server.unref();
  endWithUs(server, "SIGTERM", folder);
  const url = `redis://127.0.0.1:${port}/0`;
  try {
    await Promise.race([
      requireAnswer(url),
      exited(server).then(() =>
        Promise.reject(new StackError(`Redis did not start:\n${readFileSync(logFile, "utf8")}`)),
      ),
    ]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    url,
    source,
    port,
    pid: server.pid ?? 0,
    async stop() {
      if (server.pid !== undefined) {
        const ended = () => server.exitCode !== null || server.signalCode !== null;
        await stopProcess(server.pid, [["SIGTERM", 5_000], ["SIGKILL", 2_000]], ended); // biome-ignore format: a pair each
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits up to ten seconds for an answer to PING. */
async function requireAnswer(url: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (true) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.ping();
      return;
    } catch (error) {
      if (performance.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new StackError(`The Redis at ${new URL(url).host} does not answer (${reason}).`);
      }
      await sleep(50);
    } finally {
      client.disconnect();
    }
  }
}
