import { jobPayload } from "@workflow-debugger/shared/contract";
import { type KeyRing, layoutContext } from "@workflow-debugger/shared/crypto";
import {
  type ClaimedAnalysis,
  type Completion,
  claimAnalysis,
  claimWaiting,
  completeAnalyses,
  createBatches,
  type LeaseHolder,
} from "@workflow-debugger/shared/db";
import { describeFailure, type JobHandler } from "@workflow-debugger/shared/queue";
import type { EnginePool } from "../engine/engine-pool.ts";
import type { EngineAnswer } from "../engine/messages.ts";
import { openTask } from "../engine/open-task.ts";
import type { TakeMore } from "../puller.ts";
import { createEngineJob, type EngineJobDependencies, type EngineWork, workOnClaimed } from "./engine-job.ts";
import { persist } from "./persist.ts";

export interface AnalyseDependencies extends EngineJobDependencies {
  readonly engine: EnginePool;
  readonly keys: KeyRing;
}

type Report = Extract<EngineAnswer, { readonly answer: "report" }>;

/** Definitions that are taken without a delivery, together. Larger ones are worth a delivery each. Bytes. */
const TAKEN_BYTES = 256 * 1_024;
/** Analyses completed in one statement. */
const MOST_TOGETHER = 16;

/** Analyses one workflow: one that is delivered, or small ones that wait. */
export function createAnalyse(dependencies: AnalyseDependencies): {
  readonly handler: JobHandler<"analysis">;
  readonly takeMore: TakeMore<"analysis">;
} {
  const { database, engine, keys, log } = dependencies;
  const completeTogether = createBatches(MOST_TOGETHER, (completions: readonly (LeaseHolder & Completion)[]) =>
    completeAnalyses(database, completions),
  );
  const work: EngineWork<ClaimedAnalysis, Report> = {
    async claim(wanted) {
      const claim = await claimAnalysis(database, wanted);
      return claim.outcome === "claimed" ? { outcome: "claimed", row: claim.analysis } : claim;
    },
    async run(analysis, signal) {
      const task = openTask(analysis, keys, log);
      return task === null ? null : engine.run(task, signal);
    },
    async complete(analysis, report) {
      const completion = completionOf(dependencies, analysis, report);
      const outcome = await persist(dependencies.lease.leaseMs, () => completeTogether(completion));
      return { kind: "done", result: outcome === "done" ? "completed" : "lost" };
    },
  };
  return {
    handler: createEngineJob("analysis", dependencies, work),
    async takeMore(limit) {
      const { lease, workerKey, maxStarts } = dependencies;
      try {
        const limits = { limit, bytes: TAKEN_BYTES, leaseMs: lease.leaseMs, maxAttempts: maxStarts, workerKey };
        const rows = await claimWaiting(database, limits);
        return rows.map((row) => ({
          payload: jobPayload(row),
          work: workOnClaimed("analysis", dependencies, work, row),
        }));
      } catch (error) {
        // Should the claims have been made all the same, their leases run out.
        log.debug({ failure: describeFailure(error) }, "no analyses taken");
        return [];
      }
    },
  };
}

function completionOf(
  { keys, log }: AnalyseDependencies,
  { id, leaseToken, locationId }: ClaimedAnalysis,
  { columns, report, layout, layoutFailure, durationMs }: Report,
): LeaseHolder & Completion {
  if (layoutFailure !== null) log.error({ reason: layoutFailure }, "a report has no drawing");
  return {
    ...columns,
    id,
    leaseToken,
    reportJson: Buffer.from(report),
    layout: layout === null ? null : keys.seal(new Uint8Array(layout), layoutContext(locationId)),
    durationMs,
  };
}
