import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type LoadPlan, type LoadResult, UNIQUE } from "../load/plan.ts";
import { runLoad } from "../load/run-load.ts";
import { workflowOf } from "../test/support/workflows-to-draw.ts";
import { type Side, STRIPE_SECRET, type Stage } from "./stage.ts";

/** One line of the table: what was measured, against what, and what is allowed. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly baseline: string;
  readonly measured: string;
  readonly limit: string;
  /** Null: not judged here, and why stands in `limit`. */
  readonly held: boolean | null;
}

export interface Effort {
  /** Length of one measurement of speed. Seconds. */
  readonly seconds: number;
  /** Each side is measured so often, in turns; the median counts. */
  readonly rounds: number;
  /** Before what the processes hold is looked at. */
  readonly analyses: number;
  /** How long the thousand clients stay. */
  readonly clientSeconds: number;
}

const CONNECTIONS = 32;
const bodyOf = (steps: number) => JSON.stringify({ workflow: { ...(workflowOf(steps) as object), name: UNIQUE } });
/** About 12 KB of a real-looking workflow; each request's is different. */
export const TWELVE_KB = bodyOf(56);
const SMALL = bodyOf(3);
const STRIPE_EVENT = JSON.stringify({
  id: `evt_${UNIQUE}`,
  object: "event",
  api_version: "2026-10-28.endive",
  created: 1_767_225_600,
  type: "product.updated",
  livemode: false,
  data: { object: { id: "prod_1", object: "product", description: "x".repeat(700) } },
});

type Post = Pick<LoadPlan, "paths" | "body"> & { readonly side: Side };

const load = ({ side, ...plan }: Post & Partial<LoadPlan>): Promise<LoadResult> =>
  runLoad({ url: side.url, headers: side.headers, method: "POST", connections: CONNECTIONS, ...plan });

/** Accepted requests per second of several routes, measured in turns. */
export async function measureAccepting(
  { ours, baseline }: Stage,
  { seconds, rounds }: Effort,
): Promise<readonly Row[]> {
  const workflow = { kind: "template", text: TWELVE_KB } as const;
  const event = { kind: "template", text: STRIPE_EVENT, stripeSecret: STRIPE_SECRET } as const;
  const routes = {
    analyze: { side: ours, paths: ["/api/analyze"], body: workflow },
    byHand: { side: baseline, paths: ["/by-hand"], body: workflow },
    bare: { side: baseline, paths: ["/bare"], body: workflow },
    webhook: { side: ours, paths: ["/webhooks/stripe"], body: event },
    bareWebhook: { side: baseline, paths: ["/bare"], body: { kind: "template", text: STRIPE_EVENT } as const },
  } satisfies Record<string, Post>;
  for (const route of Object.values(routes)) await load({ ...route, seconds: 1 });
  const found = new Map<string, LoadResult[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, route] of Object.entries(routes)) {
      found.set(name, [...(found.get(name) ?? []), await load({ ...route, seconds })]);
    }
  }
  const rate = (name: keyof typeof routes) => median((found.get(name) ?? []).map(({ perSecond }) => perSecond));
  const p99 = (name: keyof typeof routes) => median((found.get(name) ?? []).map(({ latency }) => latency.p99));
  return [
    atLeast("`POST /api/analyze` accepted/s ÷ by hand", rate("analyze"), rate("byHand"), 1),
    atLeast("`POST /api/analyze` accepted/s ÷ bare INSERT", rate("analyze"), rate("bare"), 0.6),
    atLeast("webhooks accepted/s ÷ bare INSERT of 12 KB", rate("webhook"), rate("bare"), 0.8),
    atLeast("webhooks accepted/s ÷ bare INSERT of the same event", rate("webhook"), rate("bareWebhook"), 0.8),
    atMost("webhooks, p99 at full speed", p99("webhook"), 50, "ms"),
  ];
}

/** Analyses per second that no worker here exceeds. */
const FASTEST = 2_000;
/** Analyses that a worker finishes before it is measured. */
const WARM_UP = 500;

/** Finished analyses per second: the backlog of what was accepted, drained by one worker and by two. */
export async function measureFinishing(stage: Stage, effort: Effort): Promise<readonly Row[]> {
  const { ours, baseline, count } = stage;
  const backlogs = {
    ours: {
      side: ours,
      path: "/api/analyze",
      open: () => count("select count(*) from analyses where status in ('queued', 'running')"),
      done: () => count("select count(*) from analyses where status = 'completed'"),
    },
    bare: {
      side: baseline,
      path: "/by-hand",
      open: () => count("select count(*) from bench_jobs where status = 'queued'"),
      done: () => count("select count(*) from bench_results"),
    },
  } satisfies Record<string, Backlog>;
  const one = await drained(backlogs.ours, 1, effort);
  const bare = await drained(backlogs.bare, 1, effort);
  const two = await drained(backlogs.ours, 2, effort);
  const enough = availableParallelism() >= 4;
  const scaling = atLeast("two workers ÷ one, analyses finished/s", two, one, 1.5);
  return [
    atLeast("analyses of 12 KB finished/s ÷ bare BullMQ worker", one, bare, 0.7),
    enough ? scaling : { ...scaling, limit: `≥ 1.5 where cores allow; here are ${availableParallelism()}`, held: null },
  ];
}

interface Backlog {
  readonly side: Side;
  /** Where more is submitted. */
  readonly path: string;
  readonly open: () => Promise<number>;
  readonly done: () => Promise<number>;
}

/** Finished per second, over a backlog that is filled up first and lasts as long as the measurement. */
async function drained({ side, path, open, done }: Backlog, workers: number, { seconds }: Effort): Promise<number> {
  const measuredSeconds = 2 * seconds;
  const missing = measuredSeconds * FASTEST - (await open());
  const body = { kind: "template", text: TWELVE_KB } as const;
  if (missing > 0) await load({ side, paths: [path], body, requests: missing, persistent: true });
  const running = Array.from({ length: workers }, () => side.startWorker());
  const before = await done();
  // Past the start, and what each process compiles in its first moments.
  while ((await done()) < before + WARM_UP) await sleep(20);
  const [from, start] = [await done(), performance.now()];
  await sleep(measuredSeconds * 1_000);
  const rate = ((await done()) - from) / ((performance.now() - start) / 1_000);
  await Promise.all(running.map(side.stopWorker));
  return rate;
}

/** Reading a finished analysis, and the whole way of one, on a system with nothing else to do. */
export async function measureIdle({ ours, baseline }: Stage, { seconds }: Effort): Promise<readonly Row[]> {
  const worker = ours.startWorker();
  const submit = { side: ours, paths: ["/api/analyze"], body: { kind: "template", text: TWELVE_KB } as const };
  const waiting = { ...ours.headers, Prefer: "wait=10" };
  await load({ ...submit, headers: waiting, connections: 4, requests: 60 });
  const whole = await load({ ...submit, headers: waiting, connections: 1, rate: 10, seconds: 2 * seconds });
  const path = await finishedAnalysis(ours);
  const row = await insertedRow(baseline);
  await ours.stopWorker(worker);
  const read = (side: Side, place: string, connections: number) =>
    load({ side, method: "GET", paths: [place], connections, seconds });
  for (const [side, place] of [[ours, path], [baseline, row]] as const) await read(side, place, 50); // biome-ignore format: two warm-ups
  const many = { ours: await read(ours, path, 50), bare: await read(baseline, row, 50) };
  const few = await read(ours, path, 10);
  const ratio = many.ours.latency.p99 / many.bare.latency.p99;
  return [
    atMost("submit → completed, idle, p50", whole.latency.p50, 25, "ms"),
    {
      what: "`GET /api/analysis/:id` p99 ÷ bare SELECT, 50 connections",
      ours: `${many.ours.latency.p99} ms`,
      baseline: `${many.bare.latency.p99} ms`,
      measured: times(ratio),
      limit: "≤ 2.00 ×",
      held: ratio <= 2,
    },
    atMost("`GET /api/analysis/:id` p50, 10 connections", few.latency.p50, 5, "ms"),
  ];
}

async function finishedAnalysis({ url, headers }: Side): Promise<string> {
  const body = TWELVE_KB.replaceAll(UNIQUE, crypto.randomUUID());
  const answer = await fetch(`${url}/api/analyze`, {
    method: "POST",
    headers: { ...headers, Prefer: "wait=30" },
    body,
  });
  return ((await answer.json()) as { readonly data: { readonly links: { readonly self: string } } }).data.links.self;
}

async function insertedRow({ url, headers }: Side): Promise<string> {
  const answer = await fetch(`${url}/bare`, { method: "POST", headers, body: TWELVE_KB });
  return `/bare/${((await answer.json()) as { readonly id: string }).id}`;
}

/** What API and worker hold after many analyses, and a thousand clients at once. */
export async function measureEndurance(stage: Stage, effort: Effort): Promise<readonly Row[]> {
  const { ours, services, count, resident } = stage;
  const worker = ours.startWorker();
  const submit = { side: ours, paths: ["/api/analyze"], body: { kind: "template", text: SMALL } as const };
  const crowd = await load({ ...submit, connections: 1_000, seconds: effort.clientSeconds });
  const answers = Object.entries(crowd.statuses);
  const odd = answers.filter(([status]) => !["202", "429", "503"].includes(status));
  const unintended = odd.reduce((sum, [, times]) => sum + times, 0);
  const open = () => count("select count(*) from analyses where status in ('queued', 'running')");
  const all = () => count("select count(*) from analyses");
  for (let missing = effort.analyses - (await all()); missing > 0; missing = effort.analyses - (await all())) {
    await load({ ...submit, requests: missing });
  }
  while ((await open()) > 0) await sleep(200);
  const held = [resident(services.api), resident(worker)] as const;
  const analyses = await all();
  await ours.stopWorker(worker);
  return [
    {
      what: `1,000 clients for ${effort.clientSeconds} s: unintended answers`,
      ours: answers.map(([status, times]) => `${times} × ${status}`).join(", "),
      baseline: "",
      measured: String(unintended),
      limit: "0",
      held: unintended === 0,
    },
    atMost(`API, resident after ${analyses.toLocaleString("en")} analyses`, held[0], 150, "MB"),
    atMost(`worker, resident after ${analyses.toLocaleString("en")} analyses`, held[1], 150, "MB"),
  ];
}

function atLeast(what: string, ours: number, baseline: number, least: number): Row {
  const ratio = ours / baseline;
  const shown = { ours: `${Math.round(ours)}/s`, baseline: `${Math.round(baseline)}/s`, measured: times(ratio) };
  return { what, ...shown, limit: `≥ ${times(least)}`, held: ratio >= least };
}

function atMost(what: string, ours: number, most: number, unit: string): Row {
  const measured = `${ours.toFixed(ours < 10 ? 2 : 1)} ${unit}`;
  return { what, ours: measured, baseline: "", measured, limit: `≤ ${most} ${unit}`, held: ours <= most };
}

const times = (ratio: number) => `${ratio.toFixed(2)} ×`;

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
