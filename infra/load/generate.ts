/**
 * A load generator as a process of its own, so that what it takes of a processor's time is not the measured service's: it
 * takes a plan from its parent, carries it out, and answers with what it saw.
 */
import { readFileSync } from "node:fs";
import { createHistogram } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { stripeHeaders } from "@workflow-debugger/shared/stand-ins";
import { Client } from "undici";
import { type LoadBody, type LoadPlan, type LoadResult, UNIQUE } from "./plan.ts";

interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Before an answer other than 2xx is asked for again. Milliseconds. */
const AGAIN_MS = 250;
const TIMEOUT_MS = 30_000;

async function carryOut(plan: LoadPlan): Promise<LoadResult> {
  const { method, connections, requests = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY } = plan;
  const take = source(plan);
  const latency = createHistogram();
  const statuses: Record<number, number> = {};
  const start = performance.now();
  let begun = 0;

  async function turn(client: Client): Promise<void> {
    while (begun < requests && performance.now() - start < seconds * 1_000) {
      const number = begun;
      begun += 1;
      const due = plan.rate === undefined ? null : start + (number / plan.rate) * 1_000;
      if (due !== null) await sleep(Math.max(0, due - performance.now()));
      const request = take(number);
      if (request === null) return;
      // Of a given rate, waiting for a connection is part of the wait: what is late is not left out.
      await send(client, request, due ?? performance.now());
    }
  }

  async function send(client: Client, request: Request, since: number): Promise<void> {
    for (;;) {
      const status = await answerOf(client, request);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status >= 200 && status < 300) {
        latency.record(Math.max(1, Math.round((performance.now() - since) * 1_000)));
        return;
      }
      if (plan.persistent !== true) return;
      await sleep(AGAIN_MS);
    }
  }

  async function answerOf(client: Client, { path, headers, body }: Request): Promise<number> {
    try {
      const answer = await client.request({ path, method, headers, body });
      await answer.body.dump();
      return answer.statusCode;
    } catch {
      return 0;
    }
  }

  const options = { pipelining: 1, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
  const clients = Array.from({ length: connections }, () => new Client(plan.url, options));
  await Promise.all(clients.map(turn));
  const took = (performance.now() - start) / 1_000;
  await Promise.all(clients.map((client) => client.destroy()));
  const at = (share: number) => Math.round(latency.percentile(share) / 10) / 100;
  return {
    statuses,
    seconds: took,
    perSecond: latency.count / took,
    latency: { p50: at(50), p90: at(90), p99: at(99), max: at(100) },
  };
}

/** Makes the request of each number; null when there are no more. */
function source({ paths, headers, body }: LoadPlan): (number: number) => Request | null {
  const pathOf = (number: number) => paths[number % paths.length] ?? "/";
  if (body === undefined) return (number) => ({ path: pathOf(number), headers, body: null });
  const textOf = texts(body);
  return (number) => {
    const text = textOf(number);
    if (text === undefined) return null;
    const signed = body.stripeSecret === undefined ? {} : stripeHeaders(text, body.stripeSecret);
    return { path: pathOf(number), headers: { ...headers, ...signed }, body: text };
  };
}

function texts(body: LoadBody): (number: number) => string | undefined {
  if (body.kind === "template") {
    const parts = body.text.split(UNIQUE);
    const run = `${process.pid}-${Date.now()}`;
    return (number) => parts.join(`${run}-${number}`);
  }
  const lines = readFileSync(body.file, "utf8").split("\n");
  return (number) => lines[number] || undefined;
}

process.once("message", (plan: LoadPlan) => {
  void carryOut(plan).then((result) => process.send?.(result, () => process.disconnect?.()));
});
