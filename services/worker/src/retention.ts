import { type Database, pruneExpired } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { type Loop, startLoop } from "./loop.ts";

export interface RetentionSettings {
  /** Between passes. Milliseconds. */
  readonly everyMs: number;
  /** How long entries of the audit log are kept. Milliseconds. */
  readonly auditKeptForMs: number;
  /** How long finished analyses, audits and simulations are kept. Milliseconds. */
  readonly resultsKeptForMs: number;
  /** Rows removed of a table in one statement. */
  readonly limit: number;
}

/** Removes what expired, batch by batch, so that no statement holds many rows. Any number may run. */
export function startRetention(options: {
  readonly database: Database;
  readonly settings: RetentionSettings;
  readonly log: Logger;
}): Loop {
  const { database, settings, log } = options;
  async function pass(): Promise<number> {
    const pruned = await pruneExpired(database, settings);
    const most = Math.max(...Object.values(pruned));
    if (most > 0) log.debug({ pruned }, "removed expired rows");
    return most >= settings.limit ? 0 : settings.everyMs;
  }
  return startLoop({ name: "retention", pass, failureRestMs: settings.everyMs, log });
}
