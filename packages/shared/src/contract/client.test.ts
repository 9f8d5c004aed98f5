import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ApiError, type Client, createClient } from "./index.ts";

/** The client against a server that answers as it is told, one after the other. */

type Script = readonly ((request: IncomingMessage, response: ServerResponse) => void)[];
interface Seen {
  readonly what: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function talking(script: Script): Promise<{ readonly client: Client; readonly seen: readonly Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    seen.push({ what: `${request.method} ${request.url}`, headers: request.headers, body });
    script[seen.length - 1]?.(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client: createClient({ url, apiKey: "wd_live_test", backoffMs: 1 }), seen };
}

const meta = { timestamp: "2026-01-15T09:30:00.000Z", requestId: "7d0b9f66-3b1c-4b52-9c39-0d1f3a7a4c11" };
const json =
  (status: number, body: object, headers = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
const good = (data: unknown, more = {}) => json(200, { success: true, data, meta: { ...meta, ...more } });
const bad = (status: number, code: string, headers = {}) =>
  json(status, { success: false, error: { code, message: `It is ${code}.` }, meta }, headers);
const reset = (request: IncomingMessage) => void request.socket.destroy();

test("sends what the contract names where it belongs, and gives back data and the next cursor", async () => {
  const entry = { id: "a", score: 94 };
  const { client, seen } = await talking([good([entry], { pagination: { limit: 1, nextCursor: "next" } })]);
  const { data, nextCursor } = await client.call("listHistory", { query: { limit: "1", grade: "Excellent" } });
  expect([data, nextCursor]).toEqual([[entry], "next"]);
  expect(seen[0]?.what).toBe("GET /api/history?limit=1&grade=Excellent");
  expect(seen[0]?.headers.authorization).toBe("Bearer wd_live_test");
});

test("repeats a read that failed for a while, as late as it is asked to", async () => {
  const { client, seen } = await talking([
    reset,
    bad(503, "UNAVAILABLE", { "Retry-After": "0" }),
    bad(429, "RATE_LIMITED"),
    good({ id: "a", status: "canceled" }),
  ]);
  const { data } = await client.call("getAnalysis", { params: { id: "a/b" } });
  expect(data).toMatchObject({ status: "canceled" });
  expect(seen.map(({ what }) => what)).toEqual(Array.from({ length: 4 }, () => "GET /api/analysis/a%2Fb"));
});

test("gives up after so many repeats, with the API's own error", async () => {
  const { client, seen } = await talking(Array.from({ length: 9 }, () => bad(503, "UNAVAILABLE")));
  const error = await client.call("getRule", { params: { code: "X" } }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 503, code: "UNAVAILABLE", requestId: meta.requestId });
  expect(seen).toHaveLength(5);
});

test("does not repeat what a repeat could do twice, nor what no repeat helps", async () => {
  const once = await talking([bad(503, "UNAVAILABLE"), good({})]);
  await expect(once.client.call("createApiKey", { body: { name: "x", scopes: ["read"] } })).rejects.toThrow(ApiError);
  expect(once.seen).toHaveLength(1);
  const wrong = await talking([bad(404, "NOT_FOUND"), good({})]);
  await expect(wrong.client.finished("x")).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(wrong.seen).toHaveLength(1);
});

test("submits under one Idempotency-Key however often, and waits for the end by long polls", async () => {
  const { client, seen } = await talking([
    reset,
    json(202, { success: true, data: { id: "a", status: "queued" }, meta }),
    good({ id: "a", status: "running" }),
    reset,
    good({ id: "a", status: "completed", score: 94 }),
  ]);
  expect(await client.analyze({ workflow: { name: "W" } })).toMatchObject({ status: "completed", score: 94 });
  expect(seen.slice(2).map(({ what }) => what)).toEqual(Array.from({ length: 3 }, () => "GET /api/analysis/a?wait=30"));
  const keys = seen.slice(0, 2).map(({ headers }) => headers["idempotency-key"]);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(seen[1]?.body).toBe('{"workflow":{"name":"W"}}');
});

test("aborted, it cancels the analysis that it waits for", async () => {
  const controller = new AbortController();
  const { client, seen } = await talking([
    json(202, { success: true, data: { id: "a", status: "queued" }, meta }),
    () => controller.abort(new Error("enough")),
    (_, response) => void response.writeHead(204).end(),
  ]);
  await expect(client.analyze({ workflow: {} }, { signal: controller.signal })).rejects.toThrow("enough");
  expect(seen.at(-1)?.what).toBe("DELETE /api/analysis/a");
});
