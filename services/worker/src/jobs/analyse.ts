import { type KeyRing, layoutContext } from "@workflow-debugger/shared/crypto";
import { type ClaimedAnalysis, claimAnalysis, completeAnalysis } from "@workflow-debugger/shared/db";
import type { JobHandler, JobOutcome } from "@workflow-debugger/shared/queue";
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

/** Analyses one workflow. */
export function createAnalyse(dependencies: AnalyseDependencies): JobHandler<"analysis"> {
  const { database, engine, keys, log } = dependencies;
  return createEngineJob("analysis", dependencies, {
    async claim(wanted) {
      const claim = await claimAnalysis(database, wanted);
      return claim.outcome === "claimed" ? { outcome: "claimed", row: claim.analysis } : claim;
    },
    async run(analysis, signal) {
      const task = openTask(analysis, keys, log);
      return task === null ? null : engine.run(task, signal);
    },
    complete: (analysis, report: Report) => complete(dependencies, analysis, report),
  });
}

async function complete(
  { database, lease, keys, log }: AnalyseDependencies,
  { id, leaseToken, locationId }: ClaimedAnalysis,
  report: Report,
): Promise<JobOutcome> {
  const { layout, layoutFailure } = report;
  if (layoutFailure !== null) log.error({ reason: layoutFailure }, "a report has no drawing");
  const completion = {
    ...report.columns,
    id,
    leaseToken,
    reportJson: Buffer.from(report.report).toString("utf8"),
    layout: layout === null ? null : keys.seal(new Uint8Array(layout), layoutContext(locationId)),
    durationMs: report.durationMs,
  };
  const outcome = await persist(lease.leaseMs, () => completeAnalysis(database, completion));
  return { kind: "done", result: outcome === "done" ? "completed" : "lost" };
}
