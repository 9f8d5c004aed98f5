import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTurns, type EndTurn } from "./turns.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const limits = { most: 2, longestMs: 1_000, patienceMs: 2_000, mostWaiting: 3 };
const refused = expect.objectContaining({ code: "UNAVAILABLE", headers: { "Retry-After": "1" } });

/** Takes a turn, and notes under its name when it comes or is refused. */
function taker(turns = createTurns(limits)) {
  const told: string[] = [];
  const ends = new Map<string, EndTurn>();
  return {
    told,
    end: (name: string) => ends.get(name)?.(),
    take(name: string) {
      const turn = turns.take();
      if (!(turn instanceof Promise)) {
        ends.set(name, turn);
        told.push(`${name} at once`);
        return;
      }
      turn.then(
        (end) => {
          ends.set(name, end);
          told.push(name);
        },
        (error: unknown) => {
          expect(error).toEqual(refused);
          told.push(`${name} refused`);
        },
      );
    },
  };
}

test("turns are there at once until all are taken; then whoever came first is next, one for each that ends", async () => {
  const { told, take, end } = taker();
  for (const name of ["a", "b", "c", "d"]) take(name);
  expect(told).toEqual(["a at once", "b at once"]);
  end("b");
  await vi.advanceTimersByTimeAsync(0);
  expect(told.slice(2)).toEqual(["c"]);
  end("b");
  await vi.advanceTimersByTimeAsync(0);
  expect(told.slice(2)).toEqual(["c"]);
  end("a");
  await vi.advanceTimersByTimeAsync(0);
  expect(told.slice(2)).toEqual(["c", "d"]);
  for (const name of ["c", "d"]) end(name);
  take("e");
  expect(told.at(-1)).toBe("e at once");
});

test("who waits for something else for long no longer keeps others waiting", async () => {
  const { told, take, end } = taker();
  for (const name of ["poll", "poll too", "next"]) take(name);
  await vi.advanceTimersByTimeAsync(limits.longestMs - 1);
  expect(told).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(told.at(-1)).toBe("next");
  // Its turn was over before it was answered: the answer ends nobody else's.
  end("poll");
  for (const name of ["x", "y"]) take(name);
  expect(told.slice(3)).toEqual(["x at once"]);
});

test("who gets no turn in time is told to come again, and loses none that comes later", async () => {
  const { told, take, end } = taker(createTurns({ ...limits, longestMs: 60_000 }));
  for (const name of ["a", "b", "late"]) take(name);
  await vi.advanceTimersByTimeAsync(limits.patienceMs);
  expect(told.at(-1)).toBe("late refused");
  take("c");
  end("a");
  await vi.advanceTimersByTimeAsync(0);
  expect(told.at(-1)).toBe("c");
});

test("behind a long line the answer is no at once", () => {
  const turns = createTurns(limits);
  for (let number = 0; number < limits.most; number += 1) turns.take();
  for (let number = 0; number < limits.mostWaiting; number += 1) void turns.take();
  expect(() => turns.take()).toThrow(refused);
});
