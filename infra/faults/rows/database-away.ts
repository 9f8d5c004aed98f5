import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../harness/client.ts";
import { crashed, pids, recoveriesUnderLoad } from "../harness/load.ts";
import { both, type FaultRow } from "../harness/row.ts";

export const RECOVERY_MS = 5_000;
/** A statement's own deadline, and the wait for a connection before it. */
const BOUNDED_MS = 10_000;
const EVENT_LOOP_MS = 1_000;

export const databaseRestarted: FaultRow = {
  row: "6",
  fault: "PostgreSQL restarted (immediate, fast, killed) under load",
  backends: both,
  async run(trial) {
    const { stack, ledger, full } = trial;
    const before = pids(trial);
    const signals = full
      ? (["SIGQUIT", "SIGINT", "SIGKILL", "SIGQUIT", "SIGINT", "SIGKILL"] as const)
      : (["SIGQUIT"] as const);
    const recoveries = await recoveriesUnderLoad(trial, { times: signals.length, lanes: 8 }, async (time) => {
      await stack.postgres.kill(signals[time] ?? "SIGQUIT");
      await sleep(1_500);
      await stack.postgres.start();
    });
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
    const { stack, ledger, full, yardstick } = trial;
    const before = pids(trial);
    const problems: string[] = [];
    const times = full ? 4 : 1;
    let slowestProbe = 0;
    const recoveries = await recoveriesUnderLoad(trial, { times, lanes: 16 }, async () => {
      stack.postgres.freeze();
      // Longer than any deadline of ours.
      const end = performance.now() + (full ? 14_000 : 9_000);
      while (performance.now() < end) {
        const { status, ms } = await call(stack.api.url, { path: "/live", patienceMs: 5_000 });
        slowestProbe = Math.max(slowestProbe, ms);
        if (status !== 200) problems.push(`/live answered ${status}`);
        problems.push(...yardstick.tooLong("/live", ms, EVENT_LOOP_MS));
        await sleep(50);
      }
      stack.postgres.thaw();
    });
    problems.push(...crashed(trial, before));
    if (!ledger.statuses.has(503)) problems.push("the stall was not felt");
    problems.push(...ledger.slow.flatMap(({ ms, at }) => yardstick.tooLong("an answer", ms, BOUNDED_MS, at)));
    return {
      trials: times,
      recoveryMs: Math.max(...recoveries),
      problems,
      remarks: [`slowest answer ${Math.round(ledger.slowestMs())} ms, slowest /live ${Math.round(slowestProbe)} ms`],
    };
  },
};
