import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, call } from "./client.ts";
import type { Tenant } from "./stack.ts";

/** What a client was promised: the other side of the account that the audit holds against the database. */
export interface Ledger {
  readonly tenants: readonly Tenant[];
  /** Ids of the analyses that were answered with 2xx. */
  readonly analyses: ReadonlySet<string>;
  /** HighLevel's ids of the webhooks that were answered with 200. */
  readonly webhooks: ReadonlySet<string>;
  /** How often each status was answered; 0 counts requests without an answer. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Answers that break a promise: a 5xx other than 503, a 503 or 429 without Retry-After. */
  readonly broken: readonly string[];
  /** Longest time to any answer. Milliseconds. */
  slowestMs(): number;
  /** Answers that took longer than a second: how long (milliseconds), and when they came (`performance.now()`). */
  readonly slow: readonly { readonly ms: number; readonly at: number }[];
  /** Submits until accepted, under one Idempotency-Key, as a client does; the analysis's id. */
  submit(document: object, options?: SendOptions): Promise<string>;
  /** Delivers one event until it is answered 200; its id. */
  deliver(options?: SendOptions & { readonly id?: string }): Promise<string>;
  /** Takes work into the account that came in another way. */
  note(analysisIds: readonly string[]): void;
  /** Takes out what its client gave up. */
  forget(analysisIds: readonly string[]): void;
  /** One request, counted. */
  once(send: () => Promise<Answer>): Promise<Answer>;
}

export interface SendOptions {
  readonly tenant?: Tenant;
  readonly agent?: Agent;
  /** Gives up after so long; a client that is refused for ever is a fault. Milliseconds. */
  readonly giveUpMs?: number;
}

const highLevel = generateKeyPairSync("ed25519");

/** The key that the API must know for the ledger's webhooks. */
export const webhookKey = highLevel.publicKey.export({ format: "der", type: "spki" }).toString("base64");

export function signedByHighLevel(body: string) {
  const signature = sign(null, Buffer.from(body), highLevel.privateKey).toString("base64");
  return { "Content-Type": "application/json", "X-GHL-Signature": signature };
}

const GIVE_UP_MS = 120_000;

/** @param target where to send at this moment, as a balancer decides; null while no API is ready. */
export function openLedger(target: () => string | null, tenants: readonly [Tenant, ...Tenant[]]): Ledger {
  const analyses = new Set<string>();
  const webhooks = new Set<string>();
  const statuses = new Map<number, number>();
  const broken: string[] = [];
  const slow: { readonly ms: number; readonly at: number }[] = [];
  let slowest = 0;

  async function once(send: () => Promise<Answer>): Promise<Answer> {
    const answer = await send();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status !== 0) slowest = Math.max(slowest, answer.ms);
    if (answer.status !== 0 && answer.ms > 1_000) slow.push({ ms: answer.ms, at: performance.now() });
    if (answer.status >= 500 && answer.status !== 503) broken.push(`${answer.status}: ${answer.text.slice(0, 300)}`);
    if ((answer.status === 503 || answer.status === 429) && answer.headers["retry-after"] === undefined) {
      broken.push(`${answer.status} without Retry-After`);
    }
    return answer;
  }

  /** Sends until the answer is one of those wanted; what cannot be served now is sent again. */
  async function insist(send: (base: string) => Promise<Answer>, wanted: readonly number[], giveUpMs: number) {
    const deadline = performance.now() + giveUpMs;
    for (;;) {
      const base = target();
      const answer = base === null ? null : await once(() => send(base));
      if (answer !== null && wanted.includes(answer.status)) return answer;
      if (answer !== null && ![0, 429, 503].includes(answer.status)) {
        throw new Error(`answered ${answer.status}: ${answer.text.slice(0, 300)}`);
      }
      if (performance.now() > deadline) {
        throw new Error(`not accepted in ${giveUpMs} ms; at last ${answer?.status} ${answer?.failure ?? ""}`);
      }
      await sleep(100 + Math.random() * 100);
    }
  }

  return {
    tenants,
    analyses,
    webhooks,
    statuses,
    broken,
    note(ids) {
      for (const id of ids) analyses.add(id);
    },
    forget(ids) {
      for (const id of ids) analyses.delete(id);
    },
    slowestMs: () => slowest,
    slow,
    once,
    async submit(document, { tenant = tenants[0], agent, giveUpMs = GIVE_UP_MS } = {}) {
      const body = JSON.stringify({ workflow: document });
      const headers = {
        Authorization: `Bearer ${tenant.apiKey}`,
        "Content-Type": "application/json",
        "Idempotency-Key": randomUUID(),
      };
      const request = { method: "POST", path: "/api/analyze", headers, body, ...(agent && { agent }) };
      const answer = await insist((base) => call(base, request), [200, 202], giveUpMs);
      const { id } = (JSON.parse(answer.text) as { readonly data: { readonly id: string } }).data;
      analyses.add(id);
      return id;
    },
    async deliver({ id = randomUUID(), tenant = tenants[0], agent, giveUpMs = GIVE_UP_MS } = {}) {
      const body = JSON.stringify({
        type: "LocationUpdate",
        webhookId: id,
        id: tenant.locationId,
        name: `Named by ${id}`,
      });
      const request = {
        method: "POST",
        path: "/webhooks/ghl",
        body,
        headers: signedByHighLevel(body),
        ...(agent && { agent }),
      };
      await insist((base) => call(base, request), [200], giveUpMs);
      webhooks.add(id);
      return id;
    },
  };
}
