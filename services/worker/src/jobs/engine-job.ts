import {
  failExhaustedRow,
  type RowClaim,
  retryTransient,
  rowKinds,
  type WorkerKey,
} from "@workflow-debugger/shared/db";
import { currentContext, type Logger } from "@workflow-debugger/shared/observability";
import type { JobHandler, JobOutcome } from "@workflow-debugger/shared/queue";
import type { EngineOutcome } from "../engine/engine-pool.ts";
import { keepLease } from "../lease-keeper.ts";
import { crashed, definitionUnreadable, definitionUnusable, memoryExceeded, timeExceeded } from "./failures.ts";
import {
  type ClaimedRow,
  type EngineJobName,
  fail,
  handBack,
  retryOrGiveUp,
  type SettleDependencies,
} from "./settle.ts";

export interface EngineJobDependencies extends Omit<SettleDependencies, "job" | "retryThrough"> {
  readonly log: Logger;
  /** Whose leases they are. */
  readonly workerKey: WorkerKey;
  /** Starts after which a piece of work is given up whatever ended them; more than the job's attempts. */
  readonly maxStarts: number;
}

type Unusable = { readonly answer: "unusable"; readonly message: string };

/** A kind of work that the engine does on a row. */
export interface EngineWork<Claimed extends ClaimedRow, Answer extends { readonly answer: string }> {
  claim(
    claim: RowClaim,
  ): Promise<
    { readonly outcome: "claimed"; readonly row: Claimed } | { readonly outcome: "busy" | "exhausted" | "nothing" }
  >;
  /** Opens what the row is about and runs the engine on it; null when it cannot be opened. */
  run(row: Claimed, signal: AbortSignal): Promise<EngineOutcome<Answer | Unusable> | null>;
  complete(row: Claimed, answer: Answer): Promise<JobOutcome>;
}

/** One row: claim by lease → open what is sealed → run the engine → commit, fenced by the lease. */
export function createEngineJob<
  Name extends EngineJobName,
  Claimed extends ClaimedRow,
  Answer extends { readonly answer: "report" | "result" },
>(job: Name, dependencies: EngineJobDependencies, work: EngineWork<Claimed, Answer>): JobHandler<Name> {
  const { database, lease, workerKey, maxStarts } = dependencies;
  return async function engineJob({ id, generation }, { signal }) {
    const claim = await retryTransient(() =>
      work.claim({ id, generation, leaseMs: lease.leaseMs, maxAttempts: maxStarts, workerKey }),
    );
    switch (claim.outcome) {
      case "claimed":
        return workOn({ ...dependencies, job, retryThrough: "queue" }, work, claim.row, signal);
      case "exhausted":
        await retryTransient(() =>
          failExhaustedRow(database, rowKinds[job], { id, generation, maxAttempts: maxStarts }),
        );
        return { kind: "failed", code: "ATTEMPTS_EXHAUSTED" };
      default:
        // Finished, canceled, replaced, or in another worker's hands: should that one die, the reconciler sees to it.
        return { kind: "done", result: claim.outcome };
    }
  };
}

/** The same for a row that is claimed already, and that the queue does not know of. */
export function workOnClaimed<
  Name extends EngineJobName,
  Claimed extends ClaimedRow,
  Answer extends { readonly answer: "report" | "result" },
>(job: Name, dependencies: EngineJobDependencies, work: EngineWork<Claimed, Answer>, row: Claimed): JobHandler<Name> {
  return (_payload, { signal }) => workOn({ ...dependencies, job, retryThrough: "dispatcher" }, work, row, signal);
}

async function workOn<Claimed extends ClaimedRow, Answer extends { readonly answer: "report" | "result" }>(
  dependencies: EngineJobDependencies & SettleDependencies,
  work: EngineWork<Claimed, Answer>,
  row: Claimed,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { database, job, log, lease } = dependencies;
  const logContext = currentContext();
  if (logContext !== undefined) logContext.locationId = row.locationId;
  const ending = new AbortController();
  const stop = () => ending.abort();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const keeper = keepLease({ ...lease, database, kind: rowKinds[job], row, log, onEnd: stop });
  try {
    const outcome = await work.run(row, ending.signal);
    switch (outcome?.answer) {
      case undefined:
        return await fail(dependencies, row, definitionUnreadable);
      case "unusable":
        return await fail(dependencies, row, definitionUnusable(outcome.message));
      case "limit":
        return await fail(dependencies, row, outcome.limit === "time" ? timeExceeded : memoryExceeded);
      case "crashed":
        log.error({ attempt: row.attempt, reason: outcome.reason }, "the engine failed on a definition");
        return await retryOrGiveUp(dependencies, row, crashed);
      case "stopped":
        return { kind: "done", result: keeper.ended() ?? (await handBack(dependencies, row)) };
      default:
        return await work.complete(row, outcome as Answer);
    }
  } finally {
    keeper.stop();
    signal.removeEventListener("abort", stop);
  }
}
