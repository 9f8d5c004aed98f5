import { auditInvariants, beginPeriodicJob, type Database, saveInvariantFindings } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { type Loop, startLoop } from "./loop.ts";

export interface AuditorSettings {
  /** Between passes, over all workers. Milliseconds. */
  readonly everyMs: number;
  /** An analysis that is open for longer is in limbo. Milliseconds. */
  readonly openForMs: number;
}

/** Looks for broken invariants, one worker at a time, and keeps what it found for `/metrics`. */
export function startAuditor(options: {
  readonly database: Database;
  readonly settings: AuditorSettings;
  readonly log: Logger;
}): Loop {
  const { database, settings, log } = options;
  async function pass(): Promise<number> {
    const turn = await beginPeriodicJob(database, { name: "auditor", everyMs: settings.everyMs });
    if (turn !== null) {
      const found = await auditInvariants(database, settings);
      await saveInvariantFindings(database, found);
      if (Object.values(found).some((violations) => violations > 0)) log.error({ found }, "an invariant is broken");
    }
    return settings.everyMs;
  }
  return startLoop({ name: "auditor", pass, failureRestMs: settings.everyMs, log });
}
