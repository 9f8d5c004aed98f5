import type { KeyRing } from "@workflow-debugger/shared/crypto";
import { type ClaimedAnalysis, claimAnalysis, failExhausted, retryTransient } from "@workflow-debugger/shared/db";
import { currentContext, type Logger } from "@workflow-debugger/shared/observability";
import type { JobContext, JobHandler, JobOutcome } from "@workflow-debugger/shared/queue";
import type { EnginePool } from "../engine/engine-pool.ts";
import { openTask } from "../engine/open-task.ts";
import { keepLease } from "../lease-keeper.ts";
import { crashed, definitionUnreadable, definitionUnusable, memoryExceeded, timeExceeded } from "./failures.ts";
import { complete, fail, handBack, retryOrGiveUp, type SettleDependencies } from "./settle.ts";

export interface AnalyseDependencies extends SettleDependencies {
  readonly engine: EnginePool;
  readonly keys: KeyRing;
  readonly log: Logger;
  /** Starts after which an analysis is given up whatever ended them; more than the job's attempts. */
  readonly maxStarts: number;
}

/** Analyses one row: claim by lease → open the snapshot → run the engine → commit, fenced by the lease. */
export function createAnalyse(dependencies: AnalyseDependencies): JobHandler<"analysis"> {
  const { database, lease, maxStarts } = dependencies;
  return async function analyse({ id, generation }, context) {
    const claim = await retryTransient(() =>
      claimAnalysis(database, { id, generation, leaseMs: lease.leaseMs, maxAttempts: maxStarts }),
    );
    switch (claim.outcome) {
      case "claimed":
        return analyseClaimed(dependencies, claim.analysis, context);
      case "exhausted":
        await retryTransient(() => failExhausted(database, { id, generation, maxAttempts: maxStarts }));
        return { kind: "failed", code: "ATTEMPTS_EXHAUSTED" };
      default:
        // Finished, canceled, replaced, or in another worker's hands: should that one die, the reconciler sees to it.
        return { kind: "done", result: claim.outcome };
    }
  };
}

async function analyseClaimed(
  dependencies: AnalyseDependencies,
  analysis: ClaimedAnalysis,
  { signal }: JobContext,
): Promise<JobOutcome> {
  const { database, engine, keys, log, lease } = dependencies;
  const logContext = currentContext();
  if (logContext !== undefined) logContext.locationId = analysis.locationId;
  const work = new AbortController();
  const stop = () => work.abort();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const keeper = keepLease({ ...lease, database, analysis, log, onEnd: stop });
  try {
    const task = openTask(analysis, keys, log);
    if (task === null) return await fail(dependencies, analysis, definitionUnreadable);
    const outcome = await engine.run(task, work.signal);
    switch (outcome.answer) {
      case "report":
        if (outcome.layoutFailure !== null) log.error({ reason: outcome.layoutFailure }, "a report has no drawing");
        return await complete(dependencies, analysis, outcome);
      case "unusable":
        return await fail(dependencies, analysis, definitionUnusable(outcome.message));
      case "limit":
        return await fail(dependencies, analysis, outcome.limit === "time" ? timeExceeded : memoryExceeded);
      case "crashed":
        log.error({ attempt: analysis.attempt, reason: outcome.reason }, "the engine failed on a definition");
        return await retryOrGiveUp(dependencies, analysis, crashed);
      case "stopped":
        return { kind: "done", result: keeper.ended() ?? (await handBack(dependencies, analysis)) };
    }
  } finally {
    keeper.stop();
    signal.removeEventListener("abort", stop);
  }
}
