import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { createLogger, openErrorReports, withLogContext } from "./index.ts";

/** A service that takes error reports, and keeps their events. */
async function collector() {
  const events: Record<string, unknown>[] = [];
  const texts: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    texts.push(text);
    events.push(JSON.parse(text.split("\n")[2] ?? "{}"));
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { dsn: `http://public@127.0.0.1:${port}/7`, events, texts, close: () => server.close() };
}

async function reporting() {
  const { dsn, events, texts, close } = await collector();
  const reports = await openErrorReports({ dsn, environment: "test", release: "1.2.3" });
  const log = createLogger({
    service: "worker",
    environment: "test",
    level: "info",
    destination: { write: () => undefined },
    report: reports.report,
  });
  return {
    log,
    texts,
    async events() {
      await reports.close();
      close();
      return events;
    },
  };
}

describe("error reports", () => {
  test("carry the error of a logged line with its stack, and what finds its request", async () => {
    const { log, events } = await reporting();
    withLogContext({ requestId: "r-1", jobId: "analysis-1-g1", locationId: "l-1" }, () =>
      log.error({ err: new TypeError("broken") }, "request failed"),
    );
    const [event] = await events();
    expect(event).toMatchObject({
      level: "error",
      message: "request failed",
      environment: "test",
      release: "1.2.3",
      exception: { values: [{ type: "TypeError", value: "broken", stacktrace: { frames: expect.any(Array) } }] },
      tags: { service: "worker", requestId: "r-1", jobId: "analysis-1-g1", locationId: "l-1" },
    });
  });

  test("hold no secret and no payload, wherever it stood", async () => {
    const { log, texts, events } = await reporting();
    const err = Object.assign(new Error("Bearer abcdefghijklmnop refused"), { command: { args: ["canary-1"] } });
    log.error({ err, token: "canary-2", body: { deep: "canary-3" } }, "with wd_live_canary4");
    expect(await events()).toHaveLength(1);
    expect(texts.join()).not.toMatch(/canary|abcdefghijklmnop/);
  });

  test("are made of errors alone, and not of the line that only says that a request ended so", async () => {
    const { log, events } = await reporting();
    log.info({ err: new Error("no") }, "fine");
    log.warn({ err: new Error("no") }, "hm");
    log.error({ statusCode: 503 }, "← GET / 503");
    expect(await events()).toEqual([]);
  });

  test("are no more than sixty a minute", async () => {
    const { log, events } = await reporting();
    for (let number = 0; number < 100; number += 1) log.error({ err: new Error(`number ${number}`) }, "again");
    expect((await events()).length).toBeLessThanOrEqual(60);
  });

  test("of a line that had to be cut tell its beginning", async () => {
    const { log, events } = await reporting();
    log.error({ err: new Error("e".repeat(900)), detail: "x".repeat(9_000) }, "long");
    expect(await events()).toMatchObject([{ exception: { values: [{ value: expect.stringContaining("eee") }] } }]);
  });
});
