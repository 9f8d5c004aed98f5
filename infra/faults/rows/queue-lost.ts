import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { longestDrain } from "../harness/audit.ts";
import { smallWorkflow } from "../harness/documents.ts";
import { keepSending } from "../harness/load.ts";
import { both, type FaultRow, settle } from "../harness/row.ts";
import type { Stack } from "../harness/stack.ts";

async function emptyQueue({ backend, redis, query }: Stack): Promise<void> {
  if (backend === "postgres" || redis === null) {
    await query("delete from bullmq.job");
    return;
  }
  const client = new Redis(redis.url);
  await client.flushall();
  await client.quit();
}

/** While the queue is away, answers must not wait for it longer than this. */
const SLOWEST_MS = 3_000;

export const redisKilled: FaultRow = {
  row: "4",
  fault: "Redis SIGKILL while the API accepts, back empty",
  backends: ["redis"],
  async run(trial) {
    const { stack, ledger, full } = trial;
    const { redis } = stack;
    if (redis === null) throw new Error("this row needs Redis");
    const trials = full ? 5 : 1;
    const moments: Date[] = [];
    for (let number = 0; number < trials; number += 1) {
      const stop = keepSending(trial, 8, 20);
      await sleep(500);
      await redis.kill("SIGKILL");
      await sleep(full ? 5_000 : 2_000);
      await stop();
      await redis.start();
      moments.push(new Date());
      if (number + 1 < trials) await settle(stack, ledger, 120_000);
    }
    const problems = [...ledger.statuses]
      .filter(([status]) => status !== 200 && status !== 202)
      .map(([status, times]) => `${times} answers were ${status}`);
    if (ledger.slowestMs() > SLOWEST_MS) problems.push(`an answer took ${Math.round(ledger.slowestMs())} ms`);
    return {
      trials,
      recoveryOf: () => longestDrain(stack.query, ledger, moments),
      problems,
      remarks: [`slowest answer ${Math.round(ledger.slowestMs())} ms`],
    };
  },
};

export const queueFlushed: FaultRow = {
  row: "5",
  fault: "queue emptied (FLUSHALL; on PostgreSQL its jobs deleted) with a backlog",
  backends: both,
  async run(trial) {
    const { stack, ledger, full, random } = trial;
    const trials = full ? 5 : 1;
    const moments: Date[] = [];
    for (let number = 0; number < trials; number += 1) {
      const stop = keepSending(trial, 4, 0);
      await sleep(500);
      for (const worker of stack.workers) await worker.end("SIGTERM");
      await stop();
      await Promise.all(
        Array.from({ length: full ? 80 : 40 }, (_, each) =>
          ledger.submit(smallWorkflow(`Backlog ${each} ${random()}`)),
        ),
      );
      await emptyQueue(stack);
      moments.push(new Date());
      stack.startWorker();
      if (number + 1 < trials) await settle(stack, ledger, 120_000);
    }
    return { trials, recoveryOf: () => longestDrain(stack.query, ledger, moments), problems: [] };
  },
};
