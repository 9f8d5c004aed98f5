/**
 * Traces: who waited for what, from the request through the queue to the engine's thread. Off unless an OpenTelemetry
 * collector is named; then nothing of OpenTelemetry is loaded, and a span costs one call.
 */

export type SpanKind = "server" | "producer" | "consumer" | "internal";
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  readonly kind: SpanKind;
  /** W3C `traceparent` that the span continues; without one it belongs to the span that runs now, or begins a trace. */
  readonly parent?: string | null | undefined;
  readonly attributes?: SpanAttributes;
}

/** The span that `work` runs in. */
export interface ActiveSpan {
  /** What to hand on so that others continue from here; null while traces are off. */
  readonly traceparent: string | null;
  name(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Marks the work as failed although it does not throw. */
  fail(reason: string): void;
}

export interface Tracing {
  /** False: spans lead nowhere, so that work done for them alone can be left out. */
  readonly enabled: boolean;
  /** Runs `work` in a span that ends with it; what it throws marks the span as failed. */
  span<Result>(name: string, options: SpanOptions, work: (span: ActiveSpan) => Promise<Result>): Promise<Result>;
  /** A span that is over already, below the one that runs now: work of another thread. Times are Unix milliseconds. */
  record(
    name: string,
    done: { readonly startedAt: number; readonly endedAt: number; readonly attributes?: SpanAttributes },
  ): void;
  /** Points from the span that runs now at another trace that it has to do with. */
  link(traceparent: string): void;
  /** Sends what is still to be sent. */
  close(): Promise<void>;
}

const nowhere: ActiveSpan = {
  traceparent: null,
  name: () => undefined,
  set: () => undefined,
  fail: () => undefined,
};

export const noTracing: Tracing = {
  enabled: false,
  span: (_name, _options, work) => work(nowhere),
  record: () => undefined,
  link: () => undefined,
  close: async () => undefined,
};

export interface TracingOptions {
  /** `api`, `worker`. */
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  /** Base address of an OpenTelemetry collector (OTLP over HTTP); not set: traces are off. */
  readonly endpoint: string | undefined;
}

/** Opens the way to the collector, if one is named. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { endpoint } = options;
  if (endpoint === undefined) return noTracing;
  const { openTelemetryTracing } = await import("./open-telemetry.ts");
  return openTelemetryTracing({ ...options, endpoint });
}
