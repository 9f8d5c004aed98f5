import { InMemorySpanExporter } from "@opentelemetry/sdk-trace";
import { describe, expect, test } from "vitest";
import { openTracing } from "./index.ts";
import { openTelemetryTracing } from "./open-telemetry.ts";

const described = { service: "api", environment: "test", version: "1.2.3" };
const given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

function recorded() {
  const exporter = new InMemorySpanExporter();
  // The exporter forgets its spans when it is shut down.
  exporter.shutdown = async () => undefined;
  const tracing = openTelemetryTracing({ ...described, endpoint: "http://127.0.0.1:1", exporter });
  return {
    tracing,
    async spans() {
      await tracing.close();
      return exporter.getFinishedSpans();
    },
  };
}

describe("traces", () => {
  test("are off without a collector: work runs, nothing is handed on", async () => {
    const tracing = await openTracing({ ...described, endpoint: undefined });
    const answer = await tracing.span("x", { kind: "server", parent: given }, async (span) => span.traceparent);
    expect([tracing.enabled, answer]).toEqual([false, null]);
  });

  test("continue the caller's trace and hand on a traceparent of their own", async () => {
    const { tracing, spans } = recorded();
    const handedOn = await tracing.span("GET /x", { kind: "server", parent: given }, async (span) => span.traceparent);
    const [span] = await spans();
    expect(handedOn).toBe(`00-0af7651916cd43dd8448eb211c80319c-${span?.spanContext().spanId}-01`);
    expect(span?.parentSpanContext?.spanId).toBe("b7ad6b7169203331");
    expect(span?.resource.attributes).toMatchObject({ "service.name": "workflow-debugger-api" });
  });

  test("nest what is awaited inside, and what another thread did, below the span that runs", async () => {
    const { tracing, spans } = recorded();
    await tracing.span("outer", { kind: "consumer" }, async () => {
      await Promise.resolve();
      await tracing.span("inner", { kind: "internal" }, async () => {
        tracing.record("thread", { startedAt: 1_767_225_600_000, endedAt: 1_767_225_600_250 });
        tracing.link(given);
      });
    });
    const all = await spans();
    const idOf = (name: string) => all.find((span) => span.name === name)?.spanContext().spanId;
    expect(all.map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId])).toEqual([
      ["thread", idOf("inner")],
      ["inner", idOf("outer")],
      ["outer", undefined],
    ]);
    expect(all[0]?.duration).toEqual([0, 250_000_000]);
    expect(all[1]?.links[0]?.context.traceId).toBe("0af7651916cd43dd8448eb211c80319c");
    expect(new Set(all.map((span) => span.spanContext().traceId)).size).toBe(1);
  });

  test("mark a span as failed by what is thrown in it, and throw it on", async () => {
    const { tracing, spans } = recorded();
    const work = tracing.span("x", { kind: "internal" }, async () => {
      throw new TypeError("broken");
    });
    await expect(work).rejects.toThrow("broken");
    expect((await spans())[0]?.status).toEqual({ code: 2, message: "TypeError: broken" });
  });

  test("take no traceparent that is none", async () => {
    const { tracing, spans } = recorded();
    await tracing.span("x", { kind: "internal", parent: "nonsense" }, async () => tracing.link("nonsense"));
    const [span] = await spans();
    expect([span?.parentSpanContext, span?.links]).toEqual([undefined, []]);
  });
});
