import { describe, expect, test } from "vitest";
import { createLogger, logJob, logRequest, withLogContext } from "./index.ts";

function capture(level = "info") {
  const lines: string[] = [];
  const log = createLogger({
    service: "api",
    environment: "test",
    level,
    destination: { write: (line: string) => void lines.push(line) },
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? "{}") as Record<string, unknown> };
}

describe("a log line", () => {
  test("carries timestamp, level as a word, service, environment and message", () => {
    const { log, last } = capture();
    log.info("hello");
    expect(last()).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: "info",
      service: "api",
      environment: "test",
      message: "hello",
    });
  });

  test("of a request names method, path, status and duration", () => {
    const { log, last } = capture();
    const requestId = "0198f000-0000-7000-8000-000000000000";
    logRequest(log, {
      requestId,
      method: "POST",
      path: "/api/analyze",
      statusCode: 202,
      durationMs: 11.7,
      locationId: "a",
    });
    expect(last()).toMatchObject({
      message: "← POST /api/analyze 202 (12ms)",
      requestId,
      method: "POST",
      path: "/api/analyze",
      statusCode: 202,
      durationMs: 12,
      locationId: "a",
    });
  });

  test("of a failed job is an error and names the job", () => {
    const { log, last } = capture();
    logJob(log, { job: "analyse", jobId: "analysis-1-g1", outcome: "failed", durationMs: 5 });
    expect(last()).toMatchObject({
      level: "error",
      message: "✗ analyse analysis-1-g1 failed (5ms)",
      jobId: "analysis-1-g1",
    });
  });

  test("carries the context of the request it belongs to, in every awaited part", async () => {
    const { log, last } = capture();
    await withLogContext({ requestId: "r1" }, () =>
      withLogContext({ locationId: "l1" }, async () => {
        await Promise.resolve();
        log.info("deep inside");
      }),
    );
    expect(last()).toMatchObject({ requestId: "r1", locationId: "l1" });
    log.info("outside");
    expect(last()).not.toHaveProperty("requestId");
  });

  test("of an error leaves out the driver's command and its arguments", () => {
    const { log, lines, last } = capture();
    const error = Object.assign(new Error("OOM command not allowed", { cause: new Error("full") }), {
      code: "OOM",
      command: { name: "evalsha", args: ["canary-payload".repeat(3000)] },
    });
    log.error({ err: error }, "queue refused");
    expect(last()["err"]).toMatchObject({
      type: "Error",
      message: "OOM command not allowed",
      code: "OOM",
      cause: { message: "full" },
    });
    expect(lines.join("")).not.toContain("canary-payload");
  });

  test.each([
    [
      "a long message",
      (log: ReturnType<typeof capture>["log"]) => log.error({ err: new Error("é".repeat(50_000)) }, "x"),
    ],
    ["a long text", (log: ReturnType<typeof capture>["log"]) => log.info({ detail: "漢".repeat(50_000) }, "x")],
    [
      "a long list",
      (log: ReturnType<typeof capture>["log"]) => log.info({ all: Array.from({ length: 9_999 }, String) }, "x"),
    ],
  ])("stays within 8 kB and keeps its message with %s", (_name, write) => {
    const { log, lines, last } = capture();
    write(log);
    expect(Buffer.byteLength(lines.at(-1) ?? "")).toBeLessThanOrEqual(8_192);
    expect(last()).toMatchObject({ message: "x", service: "api" });
  });

  test("never holds a secret, in a field, in a text or in a URL", () => {
    const { log, lines } = capture();
    log.info({ headers: { authorization: "Bearer canary-1-canary-1", cookie: "wd_session=canary-2" } }, "in");
    log.info({ password: "canary-3", nested: { deep: { token: 'canary-4 \\" canary' } } }, "fields");
    log.info({ body: { any: { depth: ["canary"] } }, list: [{ payload: ["canary"] }] }, "payloads");
    log.info({ row: { ciphertext: Buffer.from("canary"), workflow: { name: "canary" } } }, "bytes");
    expect(lines.join("")).not.toContain("99,97,110,97,114,121");
    log.warn("key wd_live_canary-5 refused, Authorization: Bearer canary-6-canary-6");
    log.error({ err: new Error("connect postgres://wd_api:canary-7@db/wd failed") }, "database");
    expect(lines.join("")).not.toContain("canary");
    expect(lines.join("")).toContain("postgres://wd_api:[redacted]@db/wd");
  });
});
