import { type DestinationStream, type Logger as PinoLogger, type LoggerOptions as PinoOptions, pino } from "pino";
import pinoPretty from "pino-pretty";
import { currentContext } from "./context.ts";
import { serializeError } from "./errors.ts";
import { boundedLine, SECRET_FIELDS, withoutSecrets } from "./line-guard.ts";

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** `api`, `worker`, `migrate`. */
  readonly service: string;
  readonly environment: string;
  readonly level: string;
  /** Readable lines instead of JSON; development only. */
  readonly pretty?: boolean;
  /** Where the lines go instead of standard output; for tests. */
  readonly destination?: DestinationStream;
  /** Is given every line as it is written. */
  readonly report?: (line: string) => void;
}

/**
 * A logger whose lines are JSON of at most 8 kB with timestamp, level as a word, service, environment, message and
 * the context of the request or job, and carry no secrets and no payloads.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { service, environment, level, pretty = false, destination, report } = options;
  const settings: PinoOptions = {
    level,
    messageKey: "message",
    base: { service, environment },
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => ({ ...currentContext() }),
    serializers: { err: serializeError, error: serializeError },
    redact: { paths: SECRET_FIELDS.map((field) => `["${field}"]`), censor: "[redacted]" },
    hooks: {
      streamWrite(line) {
        const written = boundedLine(withoutSecrets(line));
        report?.(written);
        return written;
      },
    },
  };
  if (destination !== undefined) return pino(settings, destination);
  return pretty ? pino(settings, readableLines()) : pino(settings);
}

/** `[12:30:59.123] INFO: api: ← GET /ready 200 (2ms) {"requestId":"…"}`; what the message says already is not repeated. */
function readableLines(): DestinationStream {
  return pinoPretty({
    messageKey: "message",
    timestampKey: "timestamp",
    messageFormat: "{service}: {message}",
    ignore: "service,environment,method,path,statusCode,durationMs",
    singleLine: true,
    sync: true,
  });
}
