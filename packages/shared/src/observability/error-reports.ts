/**
 * Error reports to a service that speaks Sentry's protocol. What is reported is the log line of the error as it was
 * written: cut to size and without secrets and payloads. Without a DSN nothing of it is loaded.
 */

export interface ErrorReports {
  /** Takes every line that is logged; lines of errors are reported, a limited number a minute. */
  readonly report: (line: string) => void;
  /** Sends what is still to be sent. */
  close(): Promise<void>;
}

export const noErrorReports: ErrorReports = { report: () => undefined, close: async () => undefined };

export interface ErrorReportOptions {
  readonly dsn: string | undefined;
  readonly environment: string;
  readonly release: string;
}

export async function openErrorReports(options: ErrorReportOptions): Promise<ErrorReports> {
  const { dsn } = options;
  if (dsn === undefined) return noErrorReports;
  const { openSentry } = await import("./sentry.ts");
  return openSentry({ ...options, dsn });
}
