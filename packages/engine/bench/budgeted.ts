/** Analyses in a thread that may take no more than the worker of the service gives one: the same heap and the same stack. */
import { Worker } from "node:worker_threads";

/** As services/worker gives them (engine-pool.ts, main.ts). */
export const budget = { deadlineMs: 60_000, memoryMb: 1_024, stackMb: 4 } as const;

/** Milliseconds from text to findings in a fresh thread; rejects when the thread runs out of its budget. */
export function analyseInBudget(text: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const thread = new Worker(new URL("./budgeted-thread.ts", import.meta.url), {
    workerData: text,
    resourceLimits: { maxOldGenerationSizeMb: budget.memoryMb, stackSizeMb: budget.stackMb },
  });
  const late = setTimeout(() => {
    reject(new Error(`not done within ${budget.deadlineMs} ms`));
    void thread.terminate();
  }, budget.deadlineMs);
  thread.once("message", resolve);
  thread.once("error", reject);
  thread.once("exit", () => clearTimeout(late));
  return promise;
}
