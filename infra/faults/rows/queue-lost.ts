import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { smallWorkflow } from "../harness/documents.ts";
import { drainsUnderLoad } from "../harness/load.ts";
import { both, type FaultRow } from "../harness/row.ts";
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
    const { ledger, full, yardstick } = trial;
    const { redis } = trial.stack;
    if (redis === null) throw new Error("this row needs Redis");
    const siege = { times: full ? 5 : 1, lanes: 8, restMs: 20 };
    const drains = await drainsUnderLoad(trial, siege, async (stopSending) => {
      await redis.kill("SIGKILL");
      await sleep(full ? 5_000 : 2_000);
      await stopSending();
      await redis.start();
    });
    const problems = [...ledger.statuses]
      .filter(([status]) => status !== 200 && status !== 202)
      .map(([status, times]) => `${times} answers were ${status}`);
    problems.push(...ledger.slow.flatMap(({ ms, at }) => yardstick.tooLong("an answer", ms, SLOWEST_MS, at)));
    return { ...drains, problems, remarks: [`slowest answer ${Math.round(ledger.slowestMs())} ms`] };
  },
};

export const queueFlushed: FaultRow = {
  row: "5",
  fault: "queue emptied (FLUSHALL; on PostgreSQL its jobs deleted) with a backlog",
  backends: both,
  async run(trial) {
    const { stack, ledger, full, random } = trial;
    const drains = await drainsUnderLoad(trial, { times: full ? 5 : 1, lanes: 4 }, async (stopSending) => {
      for (const worker of stack.workers) await worker.end("SIGTERM");
      await stopSending();
      await Promise.all(
        Array.from({ length: full ? 80 : 40 }, (_, each) =>
          ledger.submit(smallWorkflow(`Backlog ${each} ${random()}`)),
        ),
      );
      await emptyQueue(stack);
      stack.startWorker();
    });
    return { ...drains, problems: [] };
  },
};
