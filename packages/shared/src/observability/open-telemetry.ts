import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  SpanKind as TelemetryKind,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import type { ActiveSpan, SpanKind, Tracing, TracingOptions } from "./tracing.ts";

/** Loaded only when traces are on. */

const KINDS: Readonly<Record<SpanKind, TelemetryKind>> = {
  server: TelemetryKind.SERVER,
  producer: TelemetryKind.PRODUCER,
  consumer: TelemetryKind.CONSUMER,
  internal: TelemetryKind.INTERNAL,
};
const LONGEST_REASON = 300;

export function openTelemetryTracing(
  options: TracingOptions & { readonly endpoint: string; readonly exporter?: SpanExporter },
): Tracing {
  const { service, environment, version, endpoint } = options;
  const url = `${endpoint.replace(/\/+$/, "")}/v1/traces`;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": `workflow-debugger-${service}`,
      "service.version": version,
      "deployment.environment.name": environment,
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter: options.exporter ?? new OTLPTraceExporter({ url }) })],
  });
  const tracer = provider.getTracer("workflow-debugger", version);
  // Our own instead of the global context manager: a process may hold several, as tests do.
  const running = new AsyncLocalStorage<Context>();
  const below = (parent: string | null | undefined): Context => {
    const continued = parent == null ? null : contextOf(parent);
    return continued === null ? (running.getStore() ?? ROOT_CONTEXT) : trace.setSpanContext(ROOT_CONTEXT, continued);
  };

  return {
    enabled: true,
    async span(name, { kind, parent, attributes = {} }, work) {
      const context = below(parent);
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, context);
      try {
        return await running.run(trace.setSpan(context, span), () => work(activeSpan(span)));
      } catch (error) {
        fail(span, error instanceof Error ? `${error.name}: ${error.message}` : "not an Error");
        throw error;
      } finally {
        span.end();
      }
    },
    record(name, { startedAt, endedAt, attributes = {} }) {
      tracer.startSpan(name, { startTime: startedAt, attributes: { ...attributes } }, below(null)).end(endedAt);
    },
    link(traceparent) {
      const context = contextOf(traceparent);
      const span = trace.getSpan(running.getStore() ?? ROOT_CONTEXT);
      if (context !== null) span?.addLink({ context });
    },
    close: () => provider.shutdown(),
  };
}

function activeSpan(span: Span): ActiveSpan {
  return {
    traceparent: traceparentOf(span.spanContext()),
    name: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes({ ...attributes }),
    fail: (reason) => fail(span, reason),
  };
}

function fail(span: Span, reason: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: reason.slice(0, LONGEST_REASON) });
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

function contextOf(traceparent: string): SpanContext | null {
  const [, traceId, spanId, flags = "00"] = traceparent.split("-");
  if (traceId?.length !== 32 || spanId?.length !== 16) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
