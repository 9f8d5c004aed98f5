import { setTimeout as sleep } from "node:timers/promises";
import { lockDataFolder } from "./dev-lock.ts";
import { openDevSecrets } from "./dev-secrets.ts";
import { isPortFree } from "./free-port.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import { openServerFolder } from "./server-folder.ts";
import { type ServiceProcess, startService } from "./service-process.ts";
import { StackError } from "./stack-error.ts";
import { startStandIns } from "./stand-ins.ts";

export interface DevStackOptions {
  readonly dataFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Gives the start up. */
  readonly signal: AbortSignal;
  /** Takes what stops a part that has started; the last is to be stopped first. */
  readonly onStop: (stop: () => Promise<void> | void) => void;
  /** Is told of a part that ended, wanted or not. */
  readonly onEnd: (what: string) => void;
}

export interface DevStack {
  /** Where the API answers. */
  readonly url: string;
  /** API keys of the demo locations. */
  readonly keys: { readonly pro: string; readonly free: string };
  readonly services: readonly ServiceProcess[];
}

/** The port PostgreSQL takes when it is free, so that a developer's psql keeps working. */
const POSTGRES_PORT = 54_321;
const READY_DEADLINE_MS = 30_000;

/** Starts PostgreSQL, migrates, creates the demo locations, and starts a worker, the API and the stand-ins of outside services. */
export async function startDevStack(options: DevStackOptions): Promise<DevStack> {
  const { dataFolder, environment, signal, onStop, onEnd } = options;
  const say = (line: string) => console.log(`${"stack".padEnd(9)} │ ${line}`);
  const { port, host } = apiAddress(environment);
  const lock = await lockDataFolder(dataFolder, say);
  onStop(() => lock.release());
  if (!(await isPortFree(port, host))) {
    throw new StackError(
      `Port ${port} is taken by another program. Stop it, or choose another port: PORT=3100 npx pnpm@12 dev`,
    );
  }

  const folder = openServerFolder(dataFolder);
  if (folder.remark !== undefined) say(folder.remark);
  const secrets = openDevSecrets(dataFolder, folder.path);
  const url = `http://${host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host}:${port}`;
  let postgres: PostgresServer | undefined;
  onStop(() => postgres?.stop());
  // All load their modules while the database starts. The API is stopped first: it takes no more work while the worker
  // finishes what it has.
  const standIns = await startStandIns(environment, `${url}/webhooks`);
  const worker = startService("worker");
  const api = startService("api");
  const services = [...standIns.map(({ service }) => service), worker, api];
  for (const service of services) {
    onStop(() => service.stop());
    void service.ended.then((how) => onEnd(`the ${service.name} has ended (${how}); its last lines above say why`));
    lock.note(service.pid);
  }
  const loading = import("./prepare-database.ts");
  postgres = await startPostgres({
    folder: folder.path,
    password: secrets.postgresPassword,
    durable: true,
    maxConnections: 100,
    preferredPort: POSTGRES_PORT,
    signal,
    onRemark: (remark) => say(`PostgreSQL: ${remark}`),
  });
  void postgres.ended.then(() => onEnd(`PostgreSQL has ended; ${folder.path}/postgres.log says why`));
  say(`PostgreSQL on 127.0.0.1:${postgres.port}, data in ${folder.path}`);
  signal.throwIfAborted();

  const { prepareDatabase } = await loading;
  const urls = await prepareDatabase(postgres.url, secrets);
  signal.throwIfAborted();

  const shared = {
    ...Object.assign({}, ...(await Promise.all(standIns.map((standIn) => standIn.environment())))),
    NODE_ENV: "development",
    ENCRYPTION_KEYS: environment["ENCRYPTION_KEYS"] || secrets.encryptionKeys,
  };
  const addresses = { APP_URL: environment["APP_URL"] || url, PUBLIC_URL: environment["PUBLIC_URL"] || url };
  worker.begin({ ...shared, DATABASE_URL: urls.workerUrl });
  api.begin({ ...shared, ...addresses, PORT: String(port), HOST: host, DATABASE_URL: urls.apiUrl });
  for (const { service } of standIns) service.begin(shared);
  await waitUntilReady(url, signal);
  return { url, keys: secrets.apiKeys, services };
}

function apiAddress(environment: NodeJS.ProcessEnv): { port: number; host: string } {
  const given = environment["PORT"] || "3000";
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StackError(`PORT is ${given}; it must be a number from 1 to 65535.`);
  }
  return { port, host: environment["HOST"] || "127.0.0.1" };
}

async function waitUntilReady(url: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    try {
      const { ok } = await fetch(new URL("/ready", url), { signal: AbortSignal.timeout(2_000) });
      if (ok) return;
    } catch {
      // not listening yet
    }
    await sleep(20);
  }
  throw new StackError(
    `The API did not get ready within ${READY_DEADLINE_MS / 1_000} seconds; its lines above say why.`,
  );
}
