import { setTimeout as sleep } from "node:timers/promises";
import { type BrokenStart, brokenStarts, lastRestart } from "../harness/audit.ts";
import { largeWorkflow, smallWorkflow } from "../harness/documents.ts";
import { both, type FaultRow, longestExit, settle, type Trial } from "../harness/row.ts";
import type { ServiceProcess } from "../harness/service.ts";

const WORKER_DEADLINE_MS = 30_000;
/** A claim that was under way. */
const CLAIM_MS = 500;
/** A lease, at the end of which the reconciler comes. */
const WAITED_FOR_MS = 15_000;
/** A worker's start and the way through the queue. */
const RESTART_MS = 10_000;

async function runningRows({ stack, ledger }: Trial): Promise<number> {
  const [row] = await stack.query<{ running: number }>(
    "select count(*)::int as running from analyses where status = 'running' and id = any($1::uuid[])",
    [[...ledger.analyses]],
  );
  return row?.running ?? 0;
}

/** Waits until a worker has begun work since then; false when all is done. */
async function untilBegun(trial: Trial, since: Date): Promise<boolean> {
  const { stack, ledger } = trial;
  for (;;) {
    const [row] = await stack.query<{ begun: boolean }>(
      `select exists (select from fault_test.transitions t join analyses a using (id)
         where t.id = any($1::uuid[]) and t.becomes = 'running' and t.at > $2 and a.status = 'running') as begun`,
      [[...ledger.analyses], since],
    );
    if (row?.begun === true) return true;
    if (await settle(stack, ledger, 0)) return false;
    await sleep(20);
  }
}

/** Waits for work that was broken off so often that another end of its worker or two would be its own (row 8). */
async function untilNoneNearsItsLast({ stack, ledger }: Trial): Promise<void> {
  const nearing = "select from analyses where id = any($1::uuid[]) and status in ('queued', 'running') and attempt > 3";
  while ((await stack.query(nearing, [[...ledger.analyses]])).length > 0) await sleep(50);
}

/** How long starts that were broken off, in order of that, waited for the next. */
function toldOf(which: string, broken: readonly BrokenStart[]): string[] {
  const seconds = (start: BrokenStart | undefined) => ((start?.ms ?? 0) / 1_000).toFixed(1);
  const [middle, last] = [broken[broken.length >> 1], broken.at(-1)];
  return last === undefined
    ? []
    : [
        `${broken.length} ${which} broken off: the next after ${seconds(middle)} s in the median, ${seconds(last)} s at the most`,
      ];
}

/** Every tenth is a document of 5 to 9.5 MB. */
async function submitMany({ ledger, random }: Trial, count: number, lanes: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        const name = `Fault suite ${number} ${random()}`;
        await ledger.submit(number % 10 === 9 ? largeWorkflow(name, 5 + random() * 4.5) : smallWorkflow(name));
      }
    }),
  );
}

export const workerKilled: FaultRow = {
  row: "1",
  fault: "worker SIGKILL at random moments while documents up to 9.5 MB run",
  backends: both,
  async run(trial) {
    const { stack, full, random, yardstick } = trial;
    const submitting = submitMany(trial, full ? 200 : 20, full ? 4 : 2);
    const kills: Date[] = [];
    const remarks: string[] = [];
    let startedAt = new Date();
    while (kills.length < (full ? 20 : 2)) {
      if (!(await untilBegun(trial, startedAt))) await submitMany(trial, 4, 2);
      await sleep(random() * 1_500);
      await untilNoneNearsItsLast(trial);
      for (const worker of stack.workers) {
        kills.push(new Date());
        await worker.end("SIGKILL");
      }
      startedAt = new Date();
      stack.startWorker();
    }
    const [last, lastAt] = [kills.at(-1) ?? new Date(), performance.now()];
    await submitting;
    return {
      trials: kills.length,
      remarks,
      async recoveryOf() {
        const broken = await brokenStarts(stack.query, trial.ledger, kills);
        remarks.push(
          ...toldOf(
            "first starts",
            broken.filter(({ attempt }) => attempt === 1),
          ),
          ...toldOf(
            "later starts",
            broken.filter(({ attempt }) => attempt > 1),
          ),
        );
        return broken.at(-1)?.ms ?? null;
      },
      async problemsOf() {
        const ms = await lastRestart(stack.query, trial.ledger, last);
        const what = "beyond lease and reconciler, the start of what was broken off";
        return yardstick.tooLong(what, ms - WAITED_FOR_MS, RESTART_MS, lastAt + ms);
      },
      problems: [],
    };
  },
};

/** When the process itself says that it heard of its end: a loaded machine may bring the signal late. */
function heardOfIt({ log }: ServiceProcess): string {
  for (const line of log) {
    if (line.includes('"shutting down"')) return (JSON.parse(line) as { readonly timestamp: string }).timestamp;
  }
  throw new Error("the worker did not say that it shuts down");
}

export const workerTerminated: FaultRow = {
  row: "2",
  fault: "worker SIGTERM with jobs in flight",
  backends: both,
  async run(trial) {
    const { stack, full, random, yardstick } = trial;
    const problems: string[] = [];
    const exits: number[] = [];
    const trials = full ? 5 : 1;
    for (let number = 0; number < trials; number += 1) {
      const startedAt = new Date();
      await submitMany(trial, 20, 4);
      const worker = stack.workers[0];
      if (worker === undefined) throw new Error("there is no worker");
      await untilBegun(trial, startedAt);
      await sleep(random() * 200);
      const askedAt = performance.now();
      const { code, signal, ms } = await worker.end("SIGTERM");
      exits.push(ms);
      if (code !== 0) problems.push(`the worker ended with ${code ?? signal}`);
      if (ms > WORKER_DEADLINE_MS) problems.push(`the worker took ${Math.round(ms)} ms to end`);
      const held = await runningRows(trial);
      if (held > 0) problems.push(`${held} analyses were left in the hands of a worker that is gone`);
      const [taken] = await stack.query<{ ms: number | null }>(
        `select extract(epoch from max(at) - $1::timestamptz)::float8 * 1000 as ms from fault_test.transitions
         where becomes = 'running' and at > $1`,
        [heardOfIt(worker)],
      );
      const late = taken?.ms ?? 0;
      problems.push(...yardstick.tooLong("to take no more analyses after SIGTERM", late, CLAIM_MS, askedAt + late));
      stack.startWorker();
    }
    return { trials, problems, ...longestExit(exits) };
  },
};
