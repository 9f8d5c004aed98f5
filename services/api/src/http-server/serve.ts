import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import type { AppEnv } from "../dependencies.ts";

/** Limits on slow clients. Milliseconds. Set at creation: Node does not enforce what is set after listening. */
const SLOW_CLIENTS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
};

/**
 * Connections that may arrive while this process is busy. One more is not refused but ignored, and its client knocks again after
 * 1, 3, 7, 15 and 31 seconds. The system may allow fewer (on Linux net.core.somaxconn, 4,096).
 */
const MOST_ARRIVING = 4_096;

export interface HttpServer {
  /** The port that was taken, also when 0 was asked for. */
  readonly port: number;
  readonly listening: boolean;
  /** Answers what is under way and closes; cuts what is left after the deadline. */
  close(): Promise<void>;
}

interface ServeOptions {
  readonly hostname: string;
  readonly port: number;
  /** For balancers to see that this process is no longer ready, while it still answers. Milliseconds. */
  readonly drainMs: number;
  /** For requests under way, after that. Milliseconds. */
  readonly deadlineMs: number;
}

/** Listens. Rejects when the port is taken. */
export function listenHttp(
  app: Hono<AppEnv>,
  { hostname, port, drainMs, deadlineMs }: ServeOptions,
): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = createAdaptorServer({ fetch: app.fetch, serverOptions: SLOW_CLIENTS }) as Server;
    server.once("error", reject);
    server.listen({ host: hostname, port, backlog: MOST_ARRIVING }, () => {
      server.off("error", reject);
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        get listening() {
          return server.listening;
        },
        close: () => closeGracefully(server, drainMs, deadlineMs),
      });
    });
  });
}

/** Longest from the end of listening until idle connections are ended. Milliseconds. */
const LAST_REQUESTS_MS = 1_000;

async function closeGracefully(server: Server, drainMs: number, deadlineMs: number): Promise<void> {
  await sleep(drainMs);
  // Only listening ends at first: `Server.close` of HTTP would also reset connections whose request is just arriving.
  // What still arrives on open connections is answered, and its client told to connect elsewhere next time.
  server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  await Promise.race([closed, sleep(LAST_REQUESTS_MS)]);
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(cut);
  // Ends what HTTP keeps beside the sockets: the timer that looks for slow clients.
  server.close();
}
