import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../harness/client.ts";
import { smallWorkflow } from "../harness/documents.ts";
import { keepSending, submitOnce } from "../harness/load.ts";
import { both, type FaultRow, type Trial } from "../harness/row.ts";

const RECOVERY_MS = 5_000;
/** A statement's own deadline, and the wait for a connection before it. */
const BOUNDED_MS = 10_000;
const EVENT_LOOP_MS = 3_000;

/** Asks until the API accepts again; how long that took. Milliseconds. */
export async function untilAccepted({ stack, tenants: [tenant], ledger, random }: Trial): Promise<number> {
  const start = performance.now();
  while ((await submitOnce(ledger, stack.api.url, tenant, smallWorkflow(`After the fault ${random()}`))).id === null) {
    await sleep(50);
  }
  return performance.now() - start;
}

/** Processes that were there before and are not now. */
export function crashed({ stack }: Trial, before: readonly number[]): readonly string[] {
  const alive = [stack.api, ...stack.workers].filter(({ running }) => running).map(({ pid }) => pid);
  return before.filter((pid) => !alive.includes(pid)).map((pid) => `process ${pid} ended`);
}

export const pids = ({ stack }: Trial) => [stack.api, ...stack.workers].map(({ pid }) => pid);

export const databaseRestarted: FaultRow = {
  row: "6",
  fault: "PostgreSQL restarted (immediate, fast, killed) under load",
  backends: both,
  async run(trial) {
    const { stack, ledger, full } = trial;
    const before = pids(trial);
    const signals: readonly NodeJS.Signals[] = full
      ? ["SIGQUIT", "SIGINT", "SIGKILL", "SIGQUIT", "SIGINT", "SIGKILL"]
      : ["SIGQUIT"];
    const recoveries: number[] = [];
    for (const signal of signals) {
      const stop = keepSending(trial, 8);
      await sleep(700);
      await stack.postgres.kill(signal);
      await sleep(1_500);
      await stack.postgres.start();
      recoveries.push(await untilAccepted(trial));
      await sleep(300);
      await stop();
    }
    const problems = [...crashed(trial, before)];
    if (Math.max(...recoveries) > RECOVERY_MS) problems.push("the pool took more than 5 s to recover");
    if (!ledger.statuses.has(503) || !ledger.statuses.has(429)) problems.push("the outage was not felt");
    if (ledger.statuses.has(0)) problems.push(`${ledger.statuses.get(0)} requests had no answer`);
    return { trials: signals.length, recoveryMs: Math.max(...recoveries), problems };
  },
};

export const databaseStalled: FaultRow = {
  row: "7",
  fault: "PostgreSQL stalls (SIGSTOP of all its processes)",
  backends: both,
  async run(trial) {
    const { stack, ledger, full } = trial;
    const before = pids(trial);
    const problems: string[] = [];
    const recoveries: number[] = [];
    let slowestProbe = 0;
    const trials = full ? 4 : 1;
    for (let number = 0; number < trials; number += 1) {
      const stop = keepSending(trial, 16);
      await sleep(500);
      stack.postgres.freeze();
      const end = performance.now() + (full ? 20_000 : 9_000);
      while (performance.now() < end) {
        const { status, ms } = await call(stack.api.url, { path: "/live", patienceMs: 5_000 });
        slowestProbe = Math.max(slowestProbe, ms);
        if (status !== 200) problems.push(`/live answered ${status}`);
        await sleep(50);
      }
      stack.postgres.thaw();
      recoveries.push(await untilAccepted(trial));
      await stop();
    }
    problems.push(...crashed(trial, before));
    if (!ledger.statuses.has(503)) problems.push("the stall was not felt");
    if (ledger.slowestMs() > BOUNDED_MS) problems.push(`an answer took ${Math.round(ledger.slowestMs())} ms`);
    if (slowestProbe > EVENT_LOOP_MS) problems.push(`/live took ${Math.round(slowestProbe)} ms`);
    return {
      trials,
      recoveryMs: Math.max(...recoveries),
      problems,
      remarks: [`slowest answer ${Math.round(ledger.slowestMs())} ms, slowest /live ${Math.round(slowestProbe)} ms`],
    };
  },
};
