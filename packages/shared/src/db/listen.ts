import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../observability/logger.ts";
import { type WorkerKey, workerLock } from "./queued-rows/worker-session.ts";

/** Channels that the database notifies. */
export const CHANNELS = {
  /** Payload: the id of an analysis whose status changed. */
  analysisChanged: "analysis_changed",
  /** No payload: an analysis waits for the dispatcher. */
  analysisWaiting: "analysis_waiting",
  /** Payload: the id of a run over a location whose status or progress changed. */
  locationRunChanged: "location_run_changed",
  /** No payload: a run waits for the dispatcher. */
  locationRunWaiting: "location_run_waiting",
  /** Payload: the id of a webhook event whose status changed. */
  webhookChanged: "webhook_changed",
  /** No payload: a webhook event waits for the dispatcher. */
  webhookWaiting: "webhook_waiting",
  /** Payload: the job whose queue was paused or resumed. */
  queuePauses: "queue_pauses",
} as const;

export interface ListenOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly channels: readonly string[];
  readonly onNotification: (channel: string, payload: string) => void;
  /** Called when listening began or began anew: whatever was notified in between is lost, so read the rows again. */
  readonly onReconnect: () => void;
  readonly log: Logger;
  /** The session holds this one's lock: it lasts for as long as the process is connected. */
  readonly workerKey?: WorkerKey;
  /** Between two heartbeats. Milliseconds. */
  readonly heartbeatMs?: number;
}

export interface Listener {
  /** Resolves when listening has begun for the first time. */
  readonly ready: Promise<void>;
  isListening(): boolean;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 10_000;
const HEARTBEAT_DEADLINE_MS = 5_000;
const LONGEST_WAIT_MS = 2_000;

/**
 * Listens on a connection of its own, watches it by a heartbeat, and connects anew for ever when it is lost. Needs a
 * session: through PgBouncer, give it a direct address.
 */
export function listen(options: ListenOptions): Listener {
  const { log, heartbeatMs = HEARTBEAT_MS } = options;
  const stop = new AbortController();
  const first = Promise.withResolvers<void>();
  let current: pg.Client | null = null;

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: options.url,
      application_name: options.applicationName,
      connectionTimeoutMillis: 2_000,
      query_timeout: HEARTBEAT_DEADLINE_MS,
      keepAlive: true,
    });
    // Without a listener the loss of the connection would end the process; the heartbeat acts on it.
    client.on("error", (error) => log.warn({ err: error }, "listening connection lost"));
    client.on("notification", ({ channel, payload }) => options.onNotification(channel, payload ?? ""));
    try {
      await client.connect();
      if (options.workerKey !== undefined) await client.query(workerLock(options.workerKey));
      for (const channel of options.channels) await client.query(`listen ${client.escapeIdentifier(channel)}`);
      return client;
    } catch (error) {
      void client.end().catch(() => {});
      throw error;
    }
  }

  /** Resolves when the connection is of no more use. */
  async function watch(client: pg.Client): Promise<void> {
    const ended = new Promise<void>((resolve) => client.once("end", resolve));
    for (;;) {
      const pause = sleep(heartbeatMs, undefined, { signal: stop.signal, ref: false }).then(
        () => "beat" as const,
        () => "ended" as const,
      );
      if ((await Promise.race([pause, ended.then(() => "ended" as const)])) === "ended") return;
      try {
        await client.query("select 1");
      } catch (error) {
        log.warn({ err: error }, "listening connection does not answer");
        return;
      }
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stop.signal.aborted; ) {
      try {
        const client = await connect();
        failures = 0;
        current = client;
        first.resolve();
        options.onReconnect();
        await watch(client);
        current = null;
        // Ends the socket at once when a query is still unanswered on it.
        void client.end().catch(() => {});
      } catch (error) {
        failures += 1;
        if (failures === 1) log.warn({ err: error }, "cannot listen to the database, trying on");
      }
      if (stop.signal.aborted) return;
      const wait = Math.min(LONGEST_WAIT_MS, 50 * 2 ** failures) * (0.5 + Math.random() / 2);
      await sleep(wait, undefined, { signal: stop.signal }).catch(() => {});
    }
  }

  const running = run();
  return {
    ready: first.promise,
    isListening: () => current !== null,
    async close() {
      stop.abort();
      await running;
    },
  };
}
