import { pino } from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Loop, startLoop } from "./loop.ts";

const log = pino({ level: "silent" });
let loop: Loop | undefined;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(async () => {
  await loop?.stop();
  vi.useRealTimers();
});

it("passes at once, and then after each rest", async () => {
  const pass = vi.fn(async () => 1_000);
  loop = startLoop({ name: "test", pass, failureRestMs: 100, log });
  await vi.advanceTimersByTimeAsync(2_500);
  expect(pass).toHaveBeenCalledTimes(3);
});

it("passes early when it is woken", async () => {
  const pass = vi.fn(async () => 1_000);
  loop = startLoop({ name: "test", pass, failureRestMs: 100, log });
  await vi.advanceTimersByTimeAsync(10);
  loop.wake();
  await vi.advanceTimersByTimeAsync(10);
  expect(pass).toHaveBeenCalledTimes(2);
});

it("passes once more when it is woken during a pass, and never twice at once", async () => {
  const first = Promise.withResolvers<number>();
  const pass = vi.fn(async () => 1_000).mockReturnValueOnce(first.promise);
  loop = startLoop({ name: "test", pass, failureRestMs: 100, log });
  loop.wake();
  loop.wake();
  await vi.advanceTimersByTimeAsync(10);
  expect(pass).toHaveBeenCalledOnce();
  first.resolve(1_000);
  await vi.advanceTimersByTimeAsync(10);
  expect(pass).toHaveBeenCalledTimes(2);
});

it("rests longer and longer while passes fail, whoever wakes it, and recovers", async () => {
  const pass = vi
    .fn(async () => 1_000)
    .mockRejectedValueOnce(new Error("away"))
    .mockRejectedValueOnce(new Error("away"));
  loop = startLoop({ name: "test", pass, failureRestMs: 100, log });
  await vi.advanceTimersByTimeAsync(99);
  loop.wake();
  expect(pass).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(pass).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(199);
  expect(pass).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(pass).toHaveBeenCalledTimes(3);
});

it("leaves no timer behind when it is stopped", async () => {
  loop = startLoop({ name: "test", pass: async () => 60_000, failureRestMs: 100, log });
  await vi.advanceTimersByTimeAsync(10);
  await loop.stop();
  expect(vi.getTimerCount()).toBe(0);
});
