import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpServer, listenHttp } from "../src/http-server/serve.ts";
import { type ApiUnderTest, startApi, type Tenant } from "./support/api-under-test.ts";
import { aWorkflow, submitted } from "./support/requests.ts";
import { complete } from "./support/worker-stand-in.ts";

/** What only a real socket can show. */

let api: ApiUnderTest;
let tenant: Tenant;
let server: HttpServer;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
  server = await listenHttp(api.app, { hostname: "127.0.0.1", port: 0, drainMs: 0, deadlineMs: 2_000 });
});
afterAll(async () => {
  await server.close();
  await api.close();
});
const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;

test("a chunked body over the limit is answered 413 or cut off, and the server goes on", async () => {
  const status = await new Promise<number | string>((resolve) => {
    const headers = { ...tenant.auth, "Content-Type": "application/json", "Transfer-Encoding": "chunked" };
    const sending = httpRequest(url("/api/analyze"), { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sending.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    const chunk = Buffer.alloc(1024 * 1024, "x");
    let sent = 0;
    const send = (): void => {
      while (sent < 12 && !sending.destroyed) {
        sent += 1;
        if (!sending.write(chunk)) {
          sending.once("drain", send);
          return;
        }
      }
      sending.end();
    };
    send();
  });
  expect([413, "ECONNRESET", "EPIPE"]).toContain(status);
  expect((await fetch(url("/live"))).status).toBe(200);
});

test("a stated length over the limit is 413 before the body is read", async () => {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(
    `POST /api/analyze HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: ${tenant.auth.Authorization}\r\nContent-Length: ${10 * 1024 * 1024 + 1}\r\n\r\n{`,
  );
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

test.each([
  ["a chunk that is none", "Transfer-Encoding: chunked\r\n\r\nzz\r\n"],
  ["a chunked body cut short", "Transfer-Encoding: chunked\r\n\r\n5\r\n{"],
  ["a body shorter than stated", "Content-Length: 1000\r\n\r\n{"],
])("%s is the client's fault in the log, not ours", async (_, rest) => {
  const requestId = crypto.randomUUID();
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const head = `POST /api/analyze HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Request-ID: ${requestId}`;
  socket.end(`${head}\r\nAuthorization: ${tenant.auth.Authorization}\r\n${rest}`);
  const lines = () => api.logged.map((line) => JSON.parse(line)).filter((line) => line.requestId === requestId);
  await expect.poll(() => lines().map(({ level, statusCode }) => [level, statusCode])).toEqual([["info", 400]]);
});

test("a real request goes the whole way and its stream ends with the analysis", async () => {
  const response = await fetch(url("/api/analyze"), {
    method: "POST",
    headers: { ...tenant.auth, "Content-Type": "application/json" },
    body: JSON.stringify({ workflow: aWorkflow("over a socket") }),
  });
  expect(response.status).toBe(202);
  const location = response.headers.get("location") ?? "";
  const events = fetch(url(`${location}/events`), { headers: tenant.auth }).then((stream) => stream.text());
  await api.watching(location.split("/").at(-1) ?? "");
  await complete(api.workerDatabase, location.split("/").at(-1) ?? "");
  expect(await events).toContain('"status":"completed"');
});

test("answers over a socket carry the headers that the app gives them", async () => {
  const analysis = await submitted(api, tenant);
  const auth = { ...tenant.auth, Origin: "https://app.example.com" };
  const asks = [
    ["/health", {}],
    ["/docs", {}],
    ["/nowhere", {}],
    ["/api/history", {}],
    ["/api/history", { headers: tenant.auth }],
    ["/api/history", { headers: auth }],
    [`/api/analysis/${analysis}`, { headers: tenant.auth }],
    ["/api/analyze", { method: "OPTIONS" }],
  ] as const;
  const ofTheSocket = ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];
  const changing = new Set(["ratelimit", "x-request-id", "content-security-policy"]);
  const headersOf = ({ headers }: Response) => {
    const names = [...headers.keys()].filter((name) => !ofTheSocket.includes(name));
    return names.sort().map((name) => [name, changing.has(name) ? "" : headers.get(name)]);
  };
  for (const [path, init] of asks) {
    const [over, from] = await Promise.all([fetch(url(path), init), api.app.request(path, init)]);
    expect([path, over.status, headersOf(over)]).toEqual([path, from.status, headersOf(from)]);
    expect([path, over.headers.get("x-request-id")]).toEqual([path, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  }
  const page = await fetch(url("/docs"));
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self' 'nonce-");
});

test("clients that hang up while they wait leave no watcher behind", async () => {
  const id = await submitted(api, tenant);
  const clients = Array.from({ length: 100 }, (_, index) => {
    const client = new AbortController();
    const path = `/api/analysis/${id}${index % 2 === 0 ? "?wait=30" : "/events"}`;
    const answer = fetch(url(path), { headers: tenant.auth, signal: client.signal }).then((response) =>
      response.text(),
    );
    return { client, answer: answer.catch(() => "gone") };
  });
  await expect.poll(() => api.changes.size, { timeout: 10_000 }).toBe(100);
  for (const { client } of clients) client.abort();
  await Promise.all(clients.map(({ answer }) => answer));
  await expect.poll(() => api.changes.size, { timeout: 10_000 }).toBe(0);
});

test("closing answers what is under way, ends idle connections and cuts stalled ones at the deadline", async () => {
  const own = await listenHttp(api.app, { hostname: "127.0.0.1", port: 0, drainMs: 0, deadlineMs: 300 });
  const stalled = connect(own.port, "127.0.0.1");
  stalled.on("error", () => undefined);
  stalled.write("POST /api/analyze HTTP/1.1\r\nHost: x\r\n");
  const id = await submitted(api, tenant);
  const waiting = fetch(`http://127.0.0.1:${own.port}/api/analysis/${id}?wait=20`, { headers: tenant.auth });
  await api.watching(id);
  const closing = own.close();
  await complete(api.workerDatabase, id);
  expect((await waiting).status).toBe(200);
  await closing;
  await expect(fetch(`http://127.0.0.1:${own.port}/live`)).rejects.toThrow();
});

test("what still arrives on an open connection while closing is answered, and told to connect elsewhere", async () => {
  const own = await listenHttp(api.app, { hostname: "127.0.0.1", port: 0, drainMs: 0, deadlineMs: 2_000 });
  const socket = connect(own.port, "127.0.0.1");
  const ask = async () => {
    socket.write("GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
    return String((await once(socket, "data"))[0]);
  };
  expect(await ask()).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: keep-alive/i);
  const closing = own.close();
  await expect.poll(() => own.listening).toBe(false);
  expect(await ask()).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close/i);
  await closing;
});

test("a port that is taken is an error to its asker", async () => {
  const taken = { hostname: "127.0.0.1", port: server.port, drainMs: 0, deadlineMs: 0 };
  await expect(listenHttp(api.app, taken)).rejects.toThrow("EADDRINUSE");
});
