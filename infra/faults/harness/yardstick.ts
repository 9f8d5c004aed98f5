import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { endWithUs } from "../../local/end-with-us.ts";
import { exited } from "../../local/processes.ts";
import { call } from "./client.ts";

/**
 * Measures the machine while a fault is being watched: a bare request whose work takes a known processor time, again and again. Bounds are
 * what a quiet machine holds; where other programs kept the bare request waiting, ours may have waited as many times longer.
 */
export interface Yardstick {
  /** How many times longer than its processor time the bare request took, at the worst between two moments of `performance.now()`; 1 or more. */
  slowdown(from: number, to: number): number;
  /** The same as a mean. */
  meanSlowdown(from: number, to: number): number;
  /** A problem, where something that ended just now (or at `to`) took longer than it may. Milliseconds. */
  tooLong(what: string, ms: number, boundMs: number, to?: number): readonly string[];
  stop(): Promise<void>;
}

const EVERY_MS = 200;
/** Of a request that has nothing to wait for. */
const WAY_MS = 2;
/** A machine that is slower than this proves nothing. */
const MOST = 10;

export async function startYardstick(): Promise<Yardstick> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("yardstick-process.ts", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  endWithUs(child, "SIGTERM");
  const [port] = await once(child.stdout, "data");
  const url = `http://127.0.0.1:${String(port).trim()}`;
  const samples: { readonly from: number; readonly to: number; readonly slowdown: number }[] = [];
  const ratio = (ms: number, workMs: number) => Math.min(MOST, Math.max(1, ms / (workMs + WAY_MS)));
  let stopped = false;
  let sentAt: number | null = null;
  let workMs = 5;
  const sampling = (async () => {
    while (!stopped) {
      const from = performance.now();
      sentAt = from;
      const { text, ms } = await call(url, { path: "/" });
      sentAt = null;
      workMs = Number(text);
      samples.push({ from, to: performance.now(), slowdown: ratio(ms, workMs) });
      await sleep(EVERY_MS);
    }
  })();

  const between = (from: number, to: number) =>
    samples.filter((sample) => sample.to > from && sample.from < to).map(({ slowdown }) => slowdown);
  // Also those just beside a moment that is shorter than the rest between two samples.
  const slowdown = (from: number, to: number) => {
    const unanswered = sentAt !== null && sentAt < to + EVERY_MS ? ratio(performance.now() - sentAt, workMs) : 1;
    return Math.max(unanswered, ...between(from - EVERY_MS, to + EVERY_MS));
  };
  return {
    slowdown,
    meanSlowdown(from, to) {
      const found = between(from, to);
      return found.length === 0 ? 1 : found.reduce((sum, each) => sum + each, 0) / found.length;
    },
    tooLong(what, ms, boundMs, to = performance.now()) {
      if (ms <= boundMs) return [];
      const times = slowdown(to - ms, to);
      const slower = times < 1.1 ? "" : `, on a machine up to ${times.toFixed(1)} times slower than alone`;
      return ms <= boundMs * times ? [] : [`${what} took ${Math.round(ms)} ms, and may take ${boundMs}${slower}`];
    },
    async stop() {
      stopped = true;
      await sampling;
      child.kill("SIGKILL");
      await exited(child);
    },
  };
}
