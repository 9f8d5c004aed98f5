import type { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, call } from "./client.ts";
import { smallWorkflow } from "./documents.ts";
import type { Ledger } from "./ledger.ts";
import type { Trial } from "./row.ts";
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
