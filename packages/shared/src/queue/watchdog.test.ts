import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startWatchdog } from "./watchdog.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const counts = { waiting: 3, active: 0, delayed: 0, failed: 0, oldestWaitingMs: 90_000 };

function watch(options: { readonly idle?: boolean; readonly waiting?: number; readonly away?: boolean } = {}) {
  const { idle = true, waiting = 3, away = false } = options;
  const restart = vi.fn();
  const giveUp = vi.fn();
  const watchdog = startWatchdog({
    queue: { counts: () => (away ? Promise.reject(new Error("away")) : Promise.resolve({ ...counts, waiting })) },
    queueName: "analysis",
    everyMs: 1_000,
    isIdle: () => idle,
    restart,
    giveUp,
  });
  return { restart, giveUp, watchdog };
}

it("restarts an idle consumer that jobs wait for, and gives up when that did not help", async () => {
  const { restart, giveUp, watchdog } = watch();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(restart).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(restart).toHaveBeenCalledOnce();
  expect(giveUp).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(giveUp).toHaveBeenCalledOnce();
  watchdog.stop();
  expect(vi.getTimerCount()).toBe(0);
});

it.each([
  ["the consumer is busy", { idle: false }],
  ["nothing waits", { waiting: 0 }],
  ["the queue does not answer", { away: true }],
])("concludes nothing while %s", async (_when, options) => {
  const { restart, giveUp, watchdog } = watch(options);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(restart).not.toHaveBeenCalled();
  expect(giveUp).not.toHaveBeenCalled();
  watchdog.stop();
});
