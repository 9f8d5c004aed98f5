import { setTimeout as sleep } from "node:timers/promises";
import { migrate, provisionDatabase } from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";
import { STAND_IN_PRICE } from "@workflow-debugger/shared/stand-ins";
import { createDemoLocations } from "./demo-locations.ts";
import { lockDataFolder } from "./dev-lock.ts";
import { openDevSecrets } from "./dev-secrets.ts";
import { findFreePort, isPortFree } from "./free-port.ts";
import { startPostgres } from "./postgres.ts";
import { openServerFolder } from "./server-folder.ts";
import { type ServiceProcess, startService } from "./service-process.ts";
import { StackError } from "./stack-error.ts";

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

/** The port the stand-in HighLevel takes when it is free. */
const HIGHLEVEL_PORT = 54_322;
const STRIPE_PORT = 54_323;
/** The port PostgreSQL takes when it is free, so that a developer's psql keeps working. */
const POSTGRES_PORT = 54_321;
const READY_DEADLINE_MS = 30_000;

/** Starts PostgreSQL, migrates, creates the demo locations, and starts a stand-in HighLevel, a worker and the API. */
export async function startDevStack(options: DevStackOptions): Promise<DevStack> {
  const { dataFolder, environment, signal, onStop, onEnd } = options;
  const say = (line: string) => console.log(`stack  │ ${line}`);
  const { port, host } = apiAddress(environment);
  const lock = await lockDataFolder(dataFolder);
  onStop(() => lock.release());
  if (!(await isPortFree(port, host))) {
    throw new StackError(
      `Port ${port} is taken by another program. Stop it, or choose another port: PORT=3100 npx pnpm@12 dev`,
    );
  }

  const folder = openServerFolder(dataFolder);
  if (folder.remark !== undefined) say(folder.remark);
  const secrets = openDevSecrets(dataFolder, folder.path);
  const postgres = await startPostgres({
    folder: folder.path,
    password: secrets.postgresPassword,
    durable: true,
    maxConnections: 100,
    preferredPort: POSTGRES_PORT,
    signal,
    onRemark: (remark) => say(`PostgreSQL: ${remark}`),
  });
  onStop(() => postgres.stop());
  void postgres.ended.then(() => onEnd(`PostgreSQL has ended; ${folder.path}/postgres.log says why`));
  say(`PostgreSQL on 127.0.0.1:${postgres.port}, data in ${folder.path}`);
  signal.throwIfAborted();

  const log = createLogger({ service: "migrate", environment: "development", level: "warn" });
  const urls = await provisionDatabase({
    superuserUrl: postgres.url,
    databaseName: "workflow_debugger",
    passwords: secrets.rolePasswords,
  });
  await migrate({ ownerUrl: urls.ownerUrl, log });
  await createDemoLocations(urls, secrets.apiKeys, log);
  signal.throwIfAborted();

  const url = `http://${host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host}:${port}`;
  const highLevel = environment["GHL_CLIENT_ID"] ? null : await standInHighLevel();
  const stripe = environment["STRIPE_SECRET_KEY"] ? null : await standInStripe();
  const shared = {
    ...environment,
    ...highLevel?.environment,
    ...stripe?.environment,
    NODE_ENV: "development",
    ENCRYPTION_KEYS: environment["ENCRYPTION_KEYS"] || secrets.encryptionKeys,
  };
  const addresses = { APP_URL: environment["APP_URL"] || url, PUBLIC_URL: environment["PUBLIC_URL"] || url };
  // The API is stopped first: it takes no more work while the worker finishes what it has.
  const services = [
    ...(highLevel === null ? [] : [startService("highlevel", highLevel.environment, String(highLevel.port))]),
    ...(stripe === null
      ? []
      : [startService("stripe", stripe.environment, String(stripe.port), `${url}/webhooks/stripe`)]),
    startService("worker", { ...shared, DATABASE_URL: urls.workerUrl }),
    startService("api", { ...shared, ...addresses, PORT: String(port), HOST: host, DATABASE_URL: urls.apiUrl }),
  ];
  for (const service of services) {
    onStop(() => service.stop());
    void service.ended.then((how) => onEnd(`the ${service.name} has ended (${how}); its last lines above say why`));
    lock.note(service.pid);
  }
  await waitUntilReady(url, signal);
  return { url, keys: secrets.apiKeys, services };
}

/** Without an app in HighLevel's marketplace, the sign-in goes to a stand-in that knows the demo locations. */
async function standInHighLevel(): Promise<{ port: number; environment: NodeJS.ProcessEnv }> {
  const port = await findFreePort(HIGHLEVEL_PORT);
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    environment: {
      GHL_API_BASE: url,
      GHL_AUTHORIZE_URL: `${url}/v2/oauth/chooselocation`,
      GHL_CLIENT_ID: "standin-local",
      GHL_CLIENT_SECRET: "stand-in-secret",
      GHL_APP_ID: "standin",
      GHL_SSO_SECRET: "stand-in-sso-secret",
    },
  };
}

/** Without a key for Stripe, billing goes to a stand-in whose checkout page can be clicked through. */
async function standInStripe(): Promise<{ port: number; environment: NodeJS.ProcessEnv }> {
  const port = await findFreePort(STRIPE_PORT);
  return {
    port,
    environment: {
      STRIPE_API_BASE: `http://127.0.0.1:${port}`,
      STRIPE_SECRET_KEY: "sk_test_standin",
      STRIPE_PRICE_PRO: STAND_IN_PRICE,
      STRIPE_WEBHOOK_SECRETS: "whsec_standin",
    },
  };
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
    await sleep(50);
  }
  throw new StackError(
    `The API did not get ready within ${READY_DEADLINE_MS / 1_000} seconds; its lines above say why.`,
  );
}
