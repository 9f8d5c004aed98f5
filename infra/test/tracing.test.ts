import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { samples } from "@workflow-debugger/engine/samples";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { describe, expect, it } from "vitest";
import { startServices } from "./support/services.ts";

interface Span {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string }[];
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

/** An OpenTelemetry collector (OTLP over HTTP, JSON) that keeps what it is sent. */
async function startCollector() {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    for (const { resource, scopeSpans } of JSON.parse(Buffer.concat(chunks).toString("utf8")).resourceSpans) {
      const name = resource.attributes.find(({ key }: Attribute) => key === "service.name").value.stringValue;
      for (const scope of scopeSpans) for (const span of scope.spans) spans.push({ ...span, service: name });
    }
    response.setHeader("content-type", "application/json").end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, spans, close: () => server.close() };
}

describe.each(queueBackends)("one trace on $name", (backend) => {
  it("leads from the caller through HTTP and queue to the engine's thread, and the poll points back at it", async () => {
    const collector = await startCollector();
    const services = await startServices(backend, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const worker = services.startWorker();
    const caller = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
    const headers = { authorization: `Bearer ${services.apiKey}`, "content-type": "application/json" };
    const submitted = await fetch(`${services.url}/api/analyze`, {
      method: "POST",
      headers: { ...headers, traceparent: `00-${caller.traceId}-${caller.spanId}-01` },
      body: JSON.stringify({ workflow: samples.medium }),
    });
    const location = submitted.headers.get("location");
    let status = "queued";
    while (status === "queued" || status === "running") {
      const answer = await fetch(`${services.url}${location}?wait=10`, { headers });
      status = ((await answer.json()) as { data: { status: string } }).data.status;
    }
    expect(status).toBe("completed");
    // Both send what they have when they stop.
    for (const child of [worker, services.api]) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    const ofTrace = collector.spans.filter(({ traceId }) => traceId === caller.traceId);
    const find = (name: string) => ofTrace.find((span) => span.name === name);
    const idOf = (name: string) => find(name)?.spanId;
    expect(ofTrace.map(({ service, name, parentSpanId }) => [service, name, parentSpanId])).toEqual(
      expect.arrayContaining([
        ["workflow-debugger-api", "POST /api/analyze", caller.spanId],
        ["workflow-debugger-api", "analysis publish", idOf("POST /api/analyze")],
        ["workflow-debugger-worker", "analysis process", idOf("POST /api/analyze")],
        ["workflow-debugger-worker", "engine", idOf("analysis process")],
        ["workflow-debugger-worker", "engine thread", idOf("engine")],
      ]),
    );
    const polls = collector.spans.filter(({ name }) => name === "GET /api/analysis/:id");
    expect(polls.at(-1)?.links?.map(({ traceId }) => traceId)).toEqual([caller.traceId]);
    await services.stop();
    collector.close();
  }, 60_000);
});
