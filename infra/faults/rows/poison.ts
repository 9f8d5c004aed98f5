import { call } from "../harness/client.ts";
import { smallWorkflow } from "../harness/documents.ts";
import { readAnalysis, readAtEnd } from "../harness/load.ts";
import { both, type FaultRow, settle, type Trial } from "../harness/row.ts";
import { canaries } from "../harness/stack.ts";

const poisonPreload = new URL("../harness/poison-preload.ts", import.meta.url).href;
const operator = { Authorization: `Bearer ${canaries.operationsToken}` };

/** More than the API hands to the queue itself. */
const NEIGHBOURS = 120;

async function deadLetters({ stack }: Trial): Promise<ReadonlySet<string>> {
  const { text } = await call(stack.api.url, { path: "/ops/dead-letters?limit=100", headers: operator });
  const { data } = JSON.parse(text) as { readonly data: readonly { readonly id: string }[] };
  return new Set(data.map(({ id }) => id));
}

async function replaceWorkers({ stack }: Trial, preload: readonly string[]): Promise<void> {
  for (const worker of stack.workers) await worker.end("SIGTERM");
  stack.startWorker({ preload });
}

export const poisonJob: FaultRow = {
  row: "8",
  fault: "a job that always throws, ends its thread or kills its worker",
  backends: both,
  async run(trial) {
    const { stack, ledger, tenants, full, random } = trial;
    const [poisoner, neighbour] = tenants;
    const problems: string[] = [];
    // Without a worker, so that the poison waits among others and may be taken up together with them.
    for (const worker of stack.workers) await worker.end("SIGTERM");
    // A worker that dies of a job takes its lease with it, five times over: minutes.
    const kinds = full ? ["throw", "exit", "kill"] : ["throw", "exit"];
    const poisoned = new Map<string, string>();
    for (const kind of kinds) {
      const id = await ledger.submit(smallWorkflow(`poison:${kind} ${random()}`), { tenant: poisoner });
      poisoned.set(id, kind);
    }
    const neighbours = await Promise.all(
      Array.from({ length: NEIGHBOURS }, () =>
        ledger.submit(smallWorkflow(`Neighbour ${random()}`), { tenant: neighbour }),
      ),
    );
    stack.startWorker({ preload: [poisonPreload] });
    const reviving = setInterval(() => {
      if (stack.workers.length === 0) stack.startWorker({ preload: [poisonPreload] });
    }, 200);
    try {
      for (const id of neighbours) {
        const { status } = await readAtEnd(stack.api.url, neighbour, id);
        if (status !== "completed") problems.push(`a neighbour is ${status}`);
      }
      if (!(await settle(stack, ledger, 300_000))) problems.push("a poisoned job never ended");
    } finally {
      clearInterval(reviving);
    }
    const letters = await deadLetters(trial);
    for (const [id, kind] of poisoned) {
      const { status, attempts, error } = await readAnalysis(stack.api.url, poisoner, id);
      const code = kind === "kill" ? "ATTEMPTS_EXHAUSTED" : "ANALYSIS_CRASHED";
      // What was under way beside the one that kills its worker was begun for nothing, and has one start more.
      const least = kind === "kill" ? 5 : 3;
      const seen = `${status} ${error?.code} after ${attempts} attempts`;
      const most = full ? 5 : least;
      if (status !== "failed" || error?.code !== code || attempts < least || attempts > most)
        problems.push(`${kind}: ${seen}`);
      if (!letters.has(id)) problems.push(`${kind}: no dead letter`);
    }

    await replaceWorkers(trial, []);
    for (const id of poisoned.keys()) {
      const path = `/ops/dead-letters/analysis/${id}/replay`;
      const { status } = await call(stack.api.url, { method: "POST", path, headers: operator });
      if (status >= 300) problems.push(`the replay was answered ${status}`);
      const { status: after } = await readAtEnd(stack.api.url, poisoner, id);
      if (after !== "completed") problems.push(`replayed by a sound worker it is ${after}`);
    }
    return { trials: kinds.length, problems, mayFail: new Set(poisoned.keys()) };
  },
};
