import { expect, it } from "vitest";
import type { EngineOutcome, ThreadPool } from "./engine-pool.ts";
import { groupingPool } from "./grouping-pool.ts";
import type { EngineAnswer, EngineTask } from "./messages.ts";

const never = new AbortController().signal;
const task = (name: string, bytes = 10): EngineTask => ({
  definition: new TextEncoder().encode(name.padEnd(bytes)).buffer,
  options: new ArrayBuffer(0),
});
const nameOf = ({ definition }: EngineTask) => new TextDecoder().decode(definition).trimEnd();
/** An answer that tells which task it is for. */
const answer = (name: string, how: string): EngineAnswer => ({ answer: "unusable", message: `${name} ${how}` });

type GroupOutcome = Awaited<ReturnType<ThreadPool["runGroup"]>>;

/** A pool whose groups end as they are told to, and whose single tasks are answered at once. */
function controlled(threads: number) {
  const groups: { readonly names: readonly string[]; readonly end: PromiseWithResolvers<GroupOutcome> }[] = [];
  const alone: string[] = [];
  const threadPool: ThreadPool = {
    async run(given, signal): Promise<EngineOutcome<EngineAnswer>> {
      if (signal.aborted) return { answer: "stopped" };
      alone.push(nameOf(given));
      return answer(nameOf(given), "alone");
    },
    runGroup(tasks, _limitMs, signal) {
      const end = Promise.withResolvers<GroupOutcome>();
      groups.push({ names: tasks.map(nameOf), end });
      signal.addEventListener("abort", () => end.resolve({ answer: "stopped" }));
      return end.promise;
    },
    runLocation: () => Promise.reject(new Error("no runs here")),
    close: async () => undefined,
  };
  const finish = (index: number) => {
    const group = groups[index];
    group?.end.resolve({ answer: "answers", answers: group.names.map((name) => answer(name, "together")) });
  };
  return { pool: groupingPool(threadPool, { threads }), groups, alone, finish };
}

/** Past the moment that tasks find each other in. */
const soon = () => new Promise((resolve) => setImmediate(resolve));

it("runs a small task alone when it comes alone, and a large one always", async () => {
  const { pool, groups, alone } = controlled(1);
  expect(await pool.run(task("one"), never)).toEqual(answer("one", "alone"));
  const large = [pool.run(task("large", 100_000), never), pool.run(task("larger", 200_000), never)];
  await Promise.all(large);
  expect({ groups, alone }).toEqual({ groups: [], alone: ["one", "large", "larger"] });
});

it("parts what comes at the same moment among the threads, and gives each its own answer", async () => {
  const { pool, groups, finish } = controlled(2);
  const running = ["a", "b", "c", "d"].map((name) => pool.run(task(name), never));
  await soon();
  expect(groups.map(({ names }) => names)).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  finish(1);
  finish(0);
  expect(await Promise.all(running)).toEqual(["a", "b", "c", "d"].map((name) => answer(name, "together")));
});

it("does a group that came to no end again, each task for itself", async () => {
  const { pool, groups, alone } = controlled(1);
  const running = ["a", "b"].map((name) => pool.run(task(name), never));
  await soon();
  groups[0]?.end.resolve({ answer: "limit", limit: "time" });
  expect(await Promise.all(running)).toEqual([answer("a", "alone"), answer("b", "alone")]);
  expect(alone).toEqual(["a", "b"]);
});

it("lets the others of a group go on when one is called off, and ends the thread with the last", async () => {
  const { pool, groups, alone, finish } = controlled(1);
  const signals = ["a", "b", "c", "d"].map(() => new AbortController());
  const [first, second] = [signals.slice(0, 2), signals.slice(2)];
  const running = first.map(({ signal }, index) => pool.run(task(`first ${index}`), signal));
  await soon();
  first[0]?.abort();
  expect(await running[0]).toEqual({ answer: "stopped" });
  finish(0);
  expect(await running[1]).toEqual(answer("first 1", "together"));

  const called = second.map(({ signal }, index) => pool.run(task(`second ${index}`), signal));
  await soon();
  for (const off of second) off.abort();
  expect(await Promise.all(called)).toEqual([{ answer: "stopped" }, { answer: "stopped" }]);
  expect({ groups: groups.length, alone }).toEqual({ groups: 2, alone: [] });
});
