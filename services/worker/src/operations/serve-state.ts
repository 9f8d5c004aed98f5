import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { carriesToken } from "@workflow-debugger/shared/crypto";
import type { MetricsPage } from "@workflow-debugger/shared/observability";

export interface StateServerOptions {
  readonly host: string;
  readonly port: number;
  /** The operators' token; null: there is no `/metrics`. */
  readonly opsToken: string | null;
  readonly metrics: MetricsPage;
  /** Why this worker is not ready; null when it is. */
  readonly notReady: () => string | null;
}

export interface StateServer {
  /** The port that was taken, also when 0 was asked for. */
  readonly port: number;
  close(): Promise<void>;
}

/** The worker's own small server, for probes and Prometheus: `/live`, `/ready`, `/metrics`. Rejects when the port is taken. */
export async function serveState(options: StateServerOptions): Promise<StateServer> {
  const { host, port, opsToken, metrics, notReady } = options;

  async function answer(path: string, authorization: string | undefined, response: ServerResponse): Promise<void> {
    if (path === "/live") return send(response, 200, { status: "live" });
    if (path === "/ready") {
      const reason = notReady();
      return send(response, reason === null ? 200 : 503, { status: reason === null ? "ready" : "not ready", reason });
    }
    if (path !== "/metrics" || opsToken === null) return send(response, 404, { status: "not found" });
    if (!carriesToken(authorization, opsToken)) {
      response.setHeader("WWW-Authenticate", 'Basic realm="operations"');
      return send(response, 401, { status: "unauthenticated" });
    }
    const text = await metrics.text();
    response.writeHead(200, { "Content-Type": metrics.contentType, "Cache-Control": "no-store" }).end(text);
  }

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    const path = new URL(request.url ?? "/", "http://worker").pathname;
    answer(path, request.headers.authorization, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" })
    .end(JSON.stringify(body));
}
