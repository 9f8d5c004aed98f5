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
import { createEngineJob, type EngineJobDependencies } from "./engine-job.ts";
import { persist } from "./persist.ts";

export interface AnalyseDependencies extends EngineJobDependencies {
  readonly engine: EnginePool;
  readonly keys: KeyRing;
}

type Report = Extract<EngineAnswer, { readonly answer: "report" }>;

/** Analyses that a delivery may bring along from those that wait; then claimed, sent to a thread and completed together. */
export const ALONG = 15;
/** Their definitions together. Larger ones are worth a delivery each. Bytes. */
const ALONG_BYTES = 256 * 1_024;
/** After finding that none waits, the next look. Milliseconds. */
const LOOK_AGAIN_MS = 200;
/** Analyses completed in one statement. */
const MOST_TOGETHER = 16;

/** Analyses one workflow, or several small ones when many wait. */
export function createAnalyse(dependencies: AnalyseDependencies): JobHandler<"analysis"> {
  const { database, engine, keys, log } = dependencies;
  const completeTogether = createBatches(MOST_TOGETHER, (completions: readonly (LeaseHolder & Completion)[]) =>
    completeAnalyses(database, completions),
  );
  return createEngineJob("analysis", dependencies, {
    async claim(wanted) {
      const claim = await claimAnalysis(database, wanted);
      return claim.outcome === "claimed" ? { outcome: "claimed", row: claim.analysis } : claim;
    },
    claimMore: createClaimMore(dependencies),
    async run(analysis, signal) {
      const task = openTask(analysis, keys, log);
      return task === null ? null : engine.run(task, signal);
    },
    async complete(analysis, report: Report) {
      const completion = completionOf(dependencies, analysis, report);
      const outcome = await persist(dependencies.lease.leaseMs, () => completeTogether(completion));
      return { kind: "done", result: outcome === "done" ? "completed" : "lost" };
    },
  });
}

function createClaimMore({ database, lease, maxStarts, log }: AnalyseDependencies) {
  let nextLook = 0;
  return async function claimMore() {
    if (performance.now() < nextLook) return [];
    try {
      const limits = { limit: ALONG, bytes: ALONG_BYTES, leaseMs: lease.leaseMs, maxAttempts: maxStarts };
      const rows = await claimWaiting(database, limits);
      if (rows.length === 0) nextLook = performance.now() + LOOK_AGAIN_MS;
      return rows.map((row) => ({ row, payload: jobPayload(row) }));
    } catch (error) {
      // Should the claims have been made all the same, their leases run out.
      log.debug({ failure: describeFailure(error) }, "no analyses brought along");
      return [];
    }
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
