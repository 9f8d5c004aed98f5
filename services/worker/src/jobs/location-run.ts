import { layoutContext, runContext, SealError, snapshotContext } from "@workflow-debugger/shared/crypto";
import {
  type ClaimedRun,
  claimLocationRun,
  completeLocationRun,
  noteProgress,
  retryTransient,
  runDefinitions,
} from "@workflow-debugger/shared/db";
import { describeFailure, type JobHandler, type JobOutcome } from "@workflow-debugger/shared/queue";
import { ownBytes } from "../engine/packing.ts";
import type { RunAnswer, RunTask } from "../engine/run-messages.ts";
import type { AnalyseDependencies } from "./analyse.ts";
import { createEngineJob } from "./engine-job.ts";
import { persist } from "./persist.ts";

type Result = Extract<RunAnswer, { readonly answer: "result" }>;

/** How often progress is shown while an audit runs. Milliseconds. */
const PROGRESS_EVERY_MS = 250;

/** Audits a location, or simulates a contact in it. */
export function createLocationRun(dependencies: AnalyseDependencies): JobHandler<"locationRun"> {
  const { database, engine } = dependencies;
  return createEngineJob("locationRun", dependencies, {
    async claim(wanted) {
      const claim = await claimLocationRun(database, wanted);
      return claim.outcome === "claimed" ? { outcome: "claimed", row: claim.run } : claim;
    },
    async run(run, signal) {
      const task = await openRun(run, dependencies);
      if (task === null) return null;
      using _showing = showProgress(run, task.progress, dependencies);
      return await engine.runLocation(task, signal);
    },
    complete: (run, result: Result) => complete(dependencies, run, result),
  });
}

/** Writes the count of done workflows whenever it has grown, one write at a time. */
function showProgress(
  run: ClaimedRun,
  progress: SharedArrayBuffer,
  { database, log }: AnalyseDependencies,
): Disposable {
  const done = new Int32Array(progress);
  let shown = 0;
  let writing = false;
  async function show(): Promise<void> {
    const now = Atomics.load(done, 0);
    if (writing || now === shown) return;
    writing = true;
    shown = now;
    await noteProgress(database, { ...run, done: now }).catch((error: unknown) => {
      log.warn({ failure: describeFailure(error) }, "the progress of a run was not written");
    });
    writing = false;
  }
  const timer = setInterval(show, PROGRESS_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Null when something of it cannot be opened: its key is gone or its bytes were changed. */
async function openRun(
  { id, kind, locationId, request, createdAt }: ClaimedRun,
  { database, keys, log }: AnalyseDependencies,
): Promise<RunTask | null> {
  const definitions = await retryTransient(() => runDefinitions(database, id));
  try {
    return {
      kind,
      request: ownBytes(keys.open(request, runContext(id, "request"))),
      definitions: definitions.map(({ snapshot }) =>
        ownBytes(keys.open(snapshot, snapshotContext(locationId, snapshot.sha256))),
      ),
      // The day it was submitted, so that every attempt gives the same result.
      now: createdAt.toISOString().slice(0, 10),
      progress: new SharedArrayBuffer(4),
    };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    log.error({ err: error }, "a run cannot be opened");
    return null;
  }
}

async function complete(
  { database, lease, keys, log }: AnalyseDependencies,
  { id, leaseToken, locationId }: ClaimedRun,
  { parts, analyses, engineVersion, durationMs }: Result,
): Promise<JobOutcome> {
  const undrawn = analyses.filter(({ layoutFailure }) => layoutFailure !== null);
  if (undrawn.length > 0) log.error({ reason: undrawn[0]?.layoutFailure }, "reports of an audit have no drawing");
  const completion = {
    id,
    leaseToken,
    engineVersion,
    durationMs,
    parts: Object.entries(parts).map(([part, bytes]) => ({
      part,
      ...keys.seal(new Uint8Array(bytes), runContext(id, part)),
    })),
    analyses: analyses.map(({ report, layout, columns, layoutFailure: _logged, ...analysis }) => ({
      ...analysis,
      ...columns,
      reportJson: Buffer.from(report).toString("utf8"),
      layout: layout === null ? null : keys.seal(new Uint8Array(layout), layoutContext(locationId)),
    })),
  };
  const outcome = await persist(lease.leaseMs, () => completeLocationRun(database, completion));
  return { kind: "done", result: outcome === "done" ? "completed" : "lost" };
}
