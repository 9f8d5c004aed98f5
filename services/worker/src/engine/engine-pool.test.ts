import { afterEach, expect, it } from "vitest";
import { createEnginePool, type EnginePool } from "./engine-pool.ts";
import type { EngineTask } from "./messages.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).buffer;
const task = (definition: unknown, options: object = {}): EngineTask => ({
  definition: bytes(definition),
  options: bytes(options),
});
const never = new AbortController().signal;

let opened: EnginePool[] = [];
afterEach(async () => {
  for (const pool of opened) await pool.close();
  opened = [];
});

function scriptedPool(deadlineMs = 10_000): EnginePool {
  const threadUrl = new URL("../../test/support/scripted-thread.ts", import.meta.url);
  const pool = createEnginePool({ threadUrl, threads: 1, deadlineMs, runDeadlineMs: deadlineMs, memoryMb: 64 });
  opened.push(pool);
  return pool;
}

function enginePool(): EnginePool {
  const threadUrl = new URL("./engine-thread.ts", import.meta.url);
  const pool = createEnginePool({ threadUrl, threads: 1, deadlineMs: 30_000, runDeadlineMs: 30_000, memoryMb: 512 });
  opened.push(pool);
  return pool;
}

/** A chain of mails in the graph format, as large as wished. */
function chain(steps: number) {
  const nodes = Array.from({ length: steps }, (_, index) => ({
    id: `step-${index}`,
    type: "email",
    name: `Mail ${index}`,
    config: { subject: "Hello", html: `<p>${"text ".repeat(80)}</p>` },
  }));
  const connections = nodes.slice(1).map((node, index) => ({ from: `step-${index}`, to: node.id }));
  return { id: "chain", name: "Chain", status: "published", nodes, connections };
}

it("moves the bytes to the thread and the report's bytes back", async () => {
  const given = task(chain(3));
  const outcome = await enginePool().run(given, never);
  expect(given.definition.byteLength).toBe(0);
  if (outcome.answer !== "report") throw new Error(`answered ${outcome.answer}`);
  const report = JSON.parse(Buffer.from(outcome.report).toString());
  expect(report).toMatchObject({ workflow: { id: "chain" }, score: outcome.columns.score });
  expect(outcome.columns).toMatchObject({ grade: report.grade, engineVersion: report.engineVersion });
});

it("leaves the event loop free while a document of several megabytes is analysed", async () => {
  const pool = enginePool();
  await pool.run(task(chain(1)), never);
  const large = task(chain(12_000));
  expect(large.definition.byteLength).toBeGreaterThan(5_000_000);
  let longestPause = 0;
  let last = performance.now();
  const start = last;
  const ticks = setInterval(() => {
    longestPause = Math.max(longestPause, performance.now() - last);
    last = performance.now();
  }, 5);
  const outcome = await pool.run(large, never);
  clearInterval(ticks);
  expect(outcome.answer).toBe("report");
  // On the event loop, the pause would be as long as the analysis.
  expect(longestPause).toBeLessThan((performance.now() - start) / 2);
});

it("says of a definition that is no workflow what is wrong with it", async () => {
  const outcome = await enginePool().run(task({ hello: "world" }), never);
  expect(outcome).toMatchObject({ answer: "unusable", message: expect.stringMatching(/\w{3}/) });
});

it("ends a thread that spins past its deadline, and serves the next task with a new one", async () => {
  const pool = scriptedPool(1_500);
  expect(await pool.run(task({ behave: "spin" }), never)).toEqual({ answer: "limit", limit: "time" });
  expect(await pool.run(task({}), never)).toMatchObject({ answer: "report" });
});

it.each(["eat memory", "recurse"])("ends a thread that takes more memory than it may (%s)", async (behave) => {
  const pool = scriptedPool();
  expect(await pool.run(task({ behave }), never)).toEqual({ answer: "limit", limit: "memory" });
  expect(await pool.run(task({}), never)).toMatchObject({ answer: "report" });
});

it.each([
  ["throw", "TypeError: the engine has a fault"],
  ["exit", expect.stringContaining("7")],
])("tells a crash from a limit (%s)", async (behave, reason) => {
  const pool = scriptedPool();
  expect(await pool.run(task({ behave }), never)).toEqual({ answer: "crashed", reason });
  expect(await pool.run(task({}), never)).toMatchObject({ answer: "report" });
});

it("ends the thread when the work is called off", async () => {
  const pool = scriptedPool();
  const off = new AbortController();
  const running = pool.run(task({ behave: "spin" }), off.signal);
  setTimeout(() => off.abort(), 300);
  expect(await running).toEqual({ answer: "stopped" });
  expect(await pool.run(task({}), never)).toMatchObject({ answer: "report" });
});

it("shows its threads none of the process's environment", async () => {
  const threadUrl = new URL("../../test/support/environment-thread.ts", import.meta.url);
  const pool = createEnginePool({ threadUrl, threads: 1, deadlineMs: 10_000, runDeadlineMs: 10_000, memoryMb: 64 });
  opened.push(pool);
  expect(await pool.run(task({}), never)).toEqual({ answer: "unusable", message: "0 variables" });
});
