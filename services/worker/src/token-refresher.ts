import { type Database, removeExpiredSessions } from "@workflow-debugger/shared/db";
import type { TokenSource } from "@workflow-debugger/shared/ghl";
import type { Logger } from "@workflow-debugger/shared/observability";
import { type Loop, startLoop } from "./loop.ts";

export interface TokenRefresherSettings {
  /** Between passes. Milliseconds. */
  readonly everyMs: number;
  /** A token that ends within this is refreshed. Milliseconds. */
  readonly withinMs: number;
  /** Installs looked at in one pass. */
  readonly limit: number;
}

/**
 * Refreshes HighLevel tokens before they end, so that no request has to wait for it, and removes sessions and sign-ins
 * that expired. Any number may run: an install is refreshed by one of them.
 */
export function startTokenRefresher({
  database,
  tokens,
  settings,
  log,
}: {
  readonly database: Database;
  readonly tokens: Pick<TokenSource, "refreshDue">;
  readonly settings: TokenRefresherSettings;
  readonly log: Logger;
}): Loop {
  async function pass(): Promise<number> {
    const { refreshed, failed } = await tokens.refreshDue(settings);
    if (refreshed + failed > 0) log.info({ refreshed, failed }, "HighLevel tokens refreshed before their end");
    await removeExpiredSessions(database);
    // A full pass with progress has more behind it.
    return refreshed > 0 && refreshed + failed >= settings.limit ? 0 : settings.everyMs;
  }

  return startLoop({ name: "token refresher", pass, failureRestMs: settings.everyMs, log });
}
