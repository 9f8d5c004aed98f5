import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { endWithUs } from "./end-with-us.ts";
import { findFreePort } from "./free-port.ts";
import { copyPostgresBinaries, findPostgresBinaries } from "./postgres-binaries.ts";
import { createCluster } from "./postgres-cluster.ts";
import { explainServerFailure } from "./postgres-failure.ts";
import { releaseCluster } from "./postmaster-lock.ts";
import { exited, stopProcess } from "./processes.ts";
import { serverAccount } from "./server-account.ts";
import { explainFolderFailure, StackError } from "./stack-error.ts";

export interface PostgresOptions {
  /** Folder for the binaries, the cluster and the log; see server-folder.ts. */
  readonly folder: string;
  /** The superuser's password; it is set when the cluster is created. */
  readonly password: string;
  /** False for data that is thrown away: no fsync, and the folder goes when we are killed. */
  readonly durable: boolean;
  readonly maxConnections: number;
  /** Tried first; another free port is taken when it is in use. */
  readonly preferredPort?: number;
  /** Gives the start up. */
  readonly signal?: AbortSignal;
  readonly onRemark?: (remark: string) => void;
}

export interface PostgresServer {
  readonly port: number;
  readonly pid: number;
  /** Connection URL of the superuser `postgres`, database `postgres`. */
  readonly url: string;
  /** Settles when the server ends, wanted or not. */
  readonly ended: Promise<unknown>;
  /** Ends every session and stops, with the data on disk. Safe to call twice. */
  stop(): Promise<void>;
}

const ATTEMPTS = 5;
const START_DEADLINE_MS = 60_000;

/**
 * Starts PostgreSQL on a free port of 127.0.0.1, creating the cluster the first time and recovering it after a kill -9.
 * The server has a session of its own, so a Ctrl-C in the terminal does not reach it.
 * @throws {StackError} with what to do: disk full, folder not writable, another start going on
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const cluster = join(options.folder, "cluster");
  const account = serverAccount(cluster);
  const logFile = join(options.folder, "postgres.log");
  try {
    const binaries = account === undefined ? findPostgresBinaries().folder : copyPostgresBinaries(options.folder);
    if (existsSync(cluster)) {
      const found = await releaseCluster(cluster);
      if (found !== undefined) options.onRemark?.(found);
    } else {
      createCluster({ ...options, binaries, cluster, account });
    }
    for (let attempt = 1; ; attempt += 1) {
      const port = await findFreePort(attempt === 1 ? options.preferredPort : undefined);
      // One attempt's words only; the log of a long-lived stack would grow without end.
      const log = openSync(logFile, "w", 0o600);
      const server = spawn(join(binaries, "bin", "postgres"), serverArguments(cluster, port, options), {
        cwd: options.folder,
        env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
        detached: true,
        stdio: ["ignore", log, log],
        ...(account && { uid: account.uid, gid: account.gid }),
      });
      closeSync(log);
      server.unref();
      endWithUs(server, "SIGINT", options.durable ? "" : options.folder);
      const url = `postgres://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${port}/postgres`;
      if (await becameReady(server, url, options.signal)) return describeServer(server, port, url);
      const words = readFileSync(logFile, "utf8");
      const failure = explainServerFailure(words, logFile, options.folder);
      if (!failure.worthRetrying || attempt === ATTEMPTS) throw new StackError(failure.message);
      await sleep(300 * attempt);
    }
  } catch (error) {
    throw explainFolderFailure(error, options.folder);
  }
}

function serverArguments(cluster: string, port: number, { durable, maxConnections }: PostgresOptions): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    max_connections: maxConnections,
    shared_buffers: "128MB",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return ["-D", cluster, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

async function becameReady(server: ChildProcess, url: string, signal?: AbortSignal): Promise<boolean> {
  let failed = false;
  server.once("error", () => {
    failed = true;
  });
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (signal?.aborted) {
      await endServer(server);
      throw signal.reason;
    }
    if (failed || server.exitCode !== null || server.signalCode !== null) return false;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      return true;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === "28P01") {
        await endServer(server);
        throw new StackError(
          "The password kept in the data folder is not the one of its database. Remove the data folder to start afresh.",
        );
      }
      await sleep(30);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  await endServer(server);
  return false;
}

function describeServer(server: ChildProcess, port: number, url: string): PostgresServer {
  let stopping: Promise<void> | undefined;
  return {
    port,
    pid: server.pid ?? 0,
    url,
    ended: exited(server),
    stop() {
      stopping ??= endServer(server);
      return stopping;
    },
  };
}

/** Fast shutdown (sessions end, a checkpoint is written), then immediate, then kill. */
async function endServer(server: ChildProcess): Promise<void> {
  if (server.pid === undefined) return;
  await stopProcess(
    server.pid,
    [
      ["SIGINT", 10_000],
      ["SIGQUIT", 3_000],
      ["SIGKILL", 2_000],
    ],
    () => server.exitCode !== null || server.signalCode !== null,
  );
}
