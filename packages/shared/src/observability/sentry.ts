import { createStackParser, createTransport, type Event } from "@sentry/core";
import { nodeStackLineParser, ServerRuntimeClient } from "@sentry/core/server";
import type { ErrorReportOptions, ErrorReports } from "./error-reports.ts";
import type { LoggedError } from "./errors.ts";

/** Loaded only when there is a DSN. */

const MOST_PER_MINUTE = 60;
const FLUSH_MS = 2_000;
const TIMEOUT_MS = 5_000;
const ERROR_LINE = /^\{"level":"(error|fatal)"/;

/** What is read of a logged line. */
interface ErrorLine {
  readonly level: "error" | "fatal";
  readonly service: string;
  readonly message: string;
  /** A text where the line had to be cut. */
  readonly err?: LoggedError | string;
  readonly failure?: { readonly type: string; readonly message: string };
  readonly [field: string]: unknown;
}

/** Fields that find the request, the job and the tenant of an error. */
const TAGS = ["service", "requestId", "jobId", "locationId", "code", "part", "job"];

export function openSentry(options: ErrorReportOptions & { readonly dsn: string }): ErrorReports {
  const stackParser = createStackParser(nodeStackLineParser());
  const client = new ServerRuntimeClient({
    dsn: options.dsn,
    environment: options.environment,
    release: options.release,
    integrations: [],
    stackParser,
    transport: (transport) =>
      createTransport(transport, async ({ body }) => {
        const response = await fetch(transport.url, {
          method: "POST",
          headers: { ...transport.headers, "Content-Type": "application/x-sentry-envelope" },
          body: typeof body === "string" ? body : new Uint8Array(body),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await response.body?.cancel();
        return {
          statusCode: response.status,
          headers: {
            "x-sentry-rate-limits": response.headers.get("x-sentry-rate-limits"),
            "retry-after": response.headers.get("retry-after"),
          },
        };
      }),
  });
  client.init();
  let minute = 0;
  let reported = 0;

  return {
    report(text) {
      if (!ERROR_LINE.test(text)) return;
      const line: ErrorLine = JSON.parse(text);
      // The line that only says that a request ended with 5xx has none; its cause was logged before it.
      if (line.err === undefined && line.failure === undefined) return;
      const now = Math.floor(performance.now() / 60_000);
      if (now !== minute) [minute, reported] = [now, 0];
      reported += 1;
      if (reported <= MOST_PER_MINUTE) client.captureEvent(eventOf(line));
    },
    async close() {
      await client.close(FLUSH_MS);
    },
  };

  function eventOf(line: ErrorLine): Event {
    const { level, message, err, failure } = line;
    const error = typeof err === "string" ? { type: "Error", message: err } : (err ?? failure);
    const { type, message: value } = error ?? { type: "Error", message };
    const stack = typeof err === "object" ? err.stack : undefined;
    const exception = { type, value, ...(stack === undefined ? {} : { stacktrace: { frames: stackParser(stack) } }) };
    const tags = TAGS.flatMap((name) => (line[name] === undefined ? [] : [[name, String(line[name])] as const]));
    return { level, message, exception: { values: [exception] }, tags: Object.fromEntries(tags) };
  }
}
