import type { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { longestDrain } from "./audit.ts";
import { type Answer, call } from "./client.ts";
import { smallWorkflow } from "./documents.ts";
import type { Ledger } from "./ledger.ts";
import { type Finding, settle, type Trial } from "./row.ts";
import type { Tenant } from "./stack.ts";

/** Sends analyses and webhooks in some lanes, one after the other in each, until told to stop. */
export function keepSending({ ledger, random }: Pick<Trial, "ledger" | "random">, lanes: number, restMs = 0) {
  let stopped = false;
  const sending = Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      while (!stopped) {
        if (lane % 4 === 3) await ledger.deliver();
        else await ledger.submit(smallWorkflow(`Lane ${lane} ${random()}`));
        if (restMs > 0) await sleep(restMs);
      }
    }),
  );
  return async () => {
    stopped = true;
    await sending;
  };
}

/** How much is sent while a fault strikes, and how often it does. */
export interface Siege {
  readonly times: number;
  readonly lanes: number;
  /** Between two requests of a lane. Milliseconds. */
  readonly restMs?: number;
  /** Of sending before the fault. Milliseconds. */
  readonly warmUpMs?: number;
}

/**
 * Strikes again and again under load, and after each time sends until a request is accepted again. How long that took, each
 * time from the fault's end. Milliseconds.
 */
export async function recoveriesUnderLoad(
  trial: Trial,
  { times, lanes, restMs, warmUpMs = 500 }: Siege,
  strike: (time: number) => Promise<void>,
): Promise<readonly number[]> {
  const recoveries: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const stop = keepSending(trial, lanes, restMs);
    await sleep(warmUpMs);
    await strike(time);
    recoveries.push(await untilAccepted(trial));
    await stop();
  }
  return recoveries;
}

/**
 * Strikes again and again under load, which the strike itself stops, and has all that was accepted come to its end before the
 * next. The recovery is the longest from a fault's end to the end of the last work that had been accepted before.
 */
export async function drainsUnderLoad(
  trial: Trial,
  { times, lanes, restMs, warmUpMs = 500 }: Siege,
  strike: (stopSending: () => Promise<void>) => Promise<void>,
): Promise<Pick<Finding, "trials" | "recoveryOf">> {
  const { stack, ledger } = trial;
  const overAt: Date[] = [];
  for (let time = 0; time < times; time += 1) {
    if (time > 0) await settle(stack, ledger, 120_000);
    const stop = keepSending(trial, lanes, restMs);
    await sleep(warmUpMs);
    await strike(stop);
    overAt.push(new Date());
  }
  return { trials: times, recoveryOf: () => longestDrain(stack.query, ledger, overAt) };
}

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

/** One submission without a second try; taken into the account when it was accepted. */
export async function submitOnce(
  ledger: Ledger,
  base: string,
  { apiKey }: Tenant,
  document: object | string,
  agent?: Agent,
): Promise<Answer & { readonly id: string | null }> {
  const body = typeof document === "string" ? document : JSON.stringify({ workflow: document });
  const headers = { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" };
  const answer = await ledger.once(() =>
    call(base, { method: "POST", path: "/api/analyze", headers, body, ...(agent && { agent }) }),
  );
  if (answer.status !== 202) return { ...answer, id: null };
  const { id } = (JSON.parse(answer.text) as { readonly data: { readonly id: string } }).data;
  ledger.note([id]);
  return { ...answer, id };
}

/** The analysis as its location reads it. */
export async function readAnalysis(
  base: string,
  { apiKey }: Tenant,
  id: string,
  waitSeconds = 0,
): Promise<AnalysisResource> {
  const headers = { Authorization: `Bearer ${apiKey}` };
  const answer = await call(base, { path: `/api/analysis/${id}?wait=${waitSeconds}`, headers });
  if (answer.status !== 200) throw new Error(`GET /api/analysis/${id} answered ${answer.status}: ${answer.text}`);
  return (JSON.parse(answer.text) as { readonly data: AnalysisResource }).data;
}

/** Long-polls until it has ended, or for a minute. */
export async function readAtEnd(base: string, tenant: Tenant, id: string): Promise<AnalysisResource> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const resource = await readAnalysis(base, tenant, id, 10);
    const open = resource.status === "queued" || resource.status === "running";
    if (!open || performance.now() > deadline) return resource;
  }
}

export interface AnalysisResource {
  readonly id: string;
  readonly status: "queued" | "running" | "completed" | "failed" | "canceled";
  readonly attempts: number;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly durationMs?: number;
  readonly error?: { readonly code: string; readonly retryable: boolean };
}
