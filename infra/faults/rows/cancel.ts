import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../harness/client.ts";
import { largeWorkflow } from "../harness/documents.ts";
import { readAnalysis, readAtEnd } from "../harness/load.ts";
import { both, type FaultRow, settle } from "../harness/row.ts";

/** The worker hears of it at its next heartbeat, 2 s apart, and starts a new thread. The run itself would take a minute. */
const STOPPED_MS = 5_000;
const hangPreload = new URL("../harness/hang-preload.ts", import.meta.url).href;

export const runningDeleted: FaultRow = {
  row: "D",
  fault: "DELETE of an analysis that runs without end",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], full, random, yardstick }) {
    const problems: string[] = [];
    const freed: number[] = [];
    for (const worker of stack.workers) await worker.end("SIGTERM");
    const worker = stack.startWorker({ preload: [hangPreload], environment: { WORKER_CONCURRENCY: "1" } });
    const trials = full ? 5 : 1;
    for (let number = 0; number < trials; number += 1) {
      const id = await ledger.submit(largeWorkflow(`hang: ${random()}`, 1.5));
      while ((await readAnalysis(stack.api.url, tenant, id, 5)).status === "queued") await sleep(20);
      const next = await ledger.submit(largeWorkflow(`Next ${random()}`, 1.5));
      const headers = { Authorization: `Bearer ${tenant.apiKey}` };
      const deleted = performance.now();
      const { status } = await call(stack.api.url, { method: "DELETE", path: `/api/analysis/${id}`, headers });
      if (status !== 204) problems.push(`DELETE was answered ${status}`);
      const seen = (await readAnalysis(stack.api.url, tenant, id)).status;
      if (seen !== "canceled") problems.push(`GET then shows ${seen}`);
      await readAtEnd(stack.api.url, tenant, next);
      freed.push(performance.now() - deleted);
      problems.push(...yardstick.tooLong("the next one", performance.now() - deleted, STOPPED_MS));
      ledger.forget([id]);
      await settle(stack, ledger, 60_000);
    }
    await worker.end("SIGTERM");
    stack.startWorker();
    return { trials, recoveryMs: Math.max(...freed), problems };
  },
};
