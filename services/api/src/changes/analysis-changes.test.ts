import { expect, test } from "vitest";
import { createAnalysisChanges } from "./analysis-changes.ts";

const { signal: never } = new AbortController();

test("a change wakes those who watch that analysis and nobody else", async () => {
  const changes = createAnalysisChanges();
  const watch = changes.watch("a");
  const other = changes.watch("b");
  const woken = watch?.next(60_000, never);
  const elapsed = other?.next(1, never);
  changes.notify("a");
  expect(await woken).toBe("changed");
  expect(await elapsed).toBe("elapsed");
});

test("a change between two waits is not lost", async () => {
  const changes = createAnalysisChanges();
  const watch = changes.watch("a");
  changes.notify("a");
  expect(await watch?.next(60_000, never)).toBe("changed");
  expect(await watch?.next(1, never)).toBe("elapsed");
});

test("a lost connection wakes everybody to read again", async () => {
  const changes = createAnalysisChanges();
  const woken = ["a", "b"].map((id) => changes.watch(id)?.next(60_000, never));
  changes.notifyAll();
  expect(await Promise.all(woken)).toEqual(["changed", "changed"]);
});

test("a client that goes away, and shutdown, end the wait", async () => {
  const changes = createAnalysisChanges();
  const client = new AbortController();
  const left = changes.watch("a")?.next(60_000, client.signal);
  const closed = changes.watch("a")?.next(60_000, never);
  client.abort();
  expect(await left).toBe("ended");
  changes.close();
  expect(await closed).toBe("ended");
  expect(await changes.watch("a")?.next(60_000, never)).toBe("ended");
});

test("watches are bounded, and disposing makes room", () => {
  const changes = createAnalysisChanges({ limit: 2 });
  const first = changes.watch("a");
  changes.watch("a");
  expect(changes.watch("b")).toBeNull();
  first?.[Symbol.dispose]();
  first?.[Symbol.dispose]();
  expect(changes.size).toBe(1);
  expect(changes.watch("b")).not.toBeNull();
});
