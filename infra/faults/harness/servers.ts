import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "../../local/checkout.ts";
import { type PostgresServer, startPostgres } from "../../local/postgres.ts";
import { type OwnRedis, startOwnRedis } from "../../local/redis.ts";
import { makeThrowAwayFolder } from "../../local/server-folder.ts";
import { familyOf } from "../../test/support/processes.ts";

/** A server that a fault may hit: it can be killed, held still, and started again at the same address. */
export interface FaultyServer {
  readonly url: string;
  readonly running: boolean;
  /** Ends it at once by the signal and waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port; nothing when it runs. */
  start(): Promise<void>;
  /** Holds all its processes still: sockets stay open and nothing is answered. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export interface FaultyPostgres extends FaultyServer {
  /** Where its files are. */
  readonly folder: string;
  /** Starts it again when it ended by itself. */
  restartIfEnded(): Promise<void>;
}

/** A durable PostgreSQL: what it has committed survives a kill. @param disk a folder of the caller's to keep its data in. */
export async function startFaultyPostgres(disk?: string): Promise<FaultyPostgres> {
  const folder = disk ?? makeThrowAwayFolder();
  const options = { folder, password: randomBytes(18).toString("base64url"), durable: true, maxConnections: 200 };
  let server: PostgresServer | null = await startPostgres(options);
  const { url, port } = server;
  const frozen = new Set<number>();
  const start = async () => {
    server ??= await startAt(port, (preferredPort) => startPostgres({ ...options, preferredPort }));
  };
  const thaw = () => {
    for (const pid of frozen) signalTo(pid, "SIGCONT");
    frozen.clear();
  };
  return {
    url,
    folder,
    get running() {
      return server !== null;
    },
    async kill(signal) {
      const dying = server;
      server = null;
      if (dying === null) return;
      // Only the first process: those it started notice, as after a crash.
      signalTo(dying.pid, signal);
      await dying.ended;
    },
    start,
    async restartIfEnded() {
      const ended = await Promise.race([server?.ended.then(() => true), sleep(500, false)]);
      if (ended === false) return;
      server = null;
      await start();
    },
    freeze() {
      for (const pid of familyOf(server?.pid ?? 0)) if (pid > 0 && signalTo(pid, "SIGSTOP")) frozen.add(pid);
    },
    thaw,
    async stop() {
      thaw();
      await server?.stop();
      if (disk === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A Redis that keeps nothing on disk: killed, it comes back empty. */
export async function startFaultyRedis(): Promise<FaultyServer> {
  let server: OwnRedis | null = await startOwnRedis(cacheFolder);
  const { url, port } = server;
  return {
    url,
    get running() {
      return server !== null;
    },
    async kill(signal) {
      const dying = server;
      server = null;
      if (dying === null) return;
      signalTo(dying.pid, signal);
      await dying.stop();
    },
    async start() {
      server ??= await startAt(port, (samePort) => startOwnRedis(cacheFolder, samePort));
    },
    freeze: () => void signalTo(server?.pid ?? 0, "SIGSTOP"),
    thaw: () => void signalTo(server?.pid ?? 0, "SIGCONT"),
    async stop() {
      signalTo(server?.pid ?? 0, "SIGCONT");
      await server?.stop();
      server = null;
    },
  };
}

/** The port of a server that died may stay taken for a moment. */
async function startAt<Server extends { readonly port: number; stop(): Promise<void> }>(
  port: number,
  start: (port: number) => Promise<Server>,
): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await start(port).catch((error: unknown) => {
      if (attempt === 10) throw error;
      return null;
    });
    if (server?.port === port) return server;
    await server?.stop();
    if (attempt === 10) throw new Error(`port ${port} did not become free again`);
    await sleep(200);
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  if (pid <= 0) return false;
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // gone already
  }
}
