import { pino } from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createErrorBrake } from "./error-brake.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function brake() {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const rest = vi.fn();
  const resume = vi.fn();
  return { lines, rest, resume, brake: createErrorBrake({ log, perSecond: 5, restMs: 500, rest, resume }) };
}

it("rests the consumer once in a storm of errors, and lets it go on", () => {
  const { brake: subject, rest, resume } = brake();
  vi.advanceTimersByTime(5_000);
  for (let index = 0; index < 1_000; index += 1) subject.report(new Error("OOM command not allowed"));
  expect(rest).toHaveBeenCalledOnce();
  expect(resume).not.toHaveBeenCalled();
  vi.advanceTimersByTime(500);
  expect(resume).toHaveBeenCalledOnce();
});

it("writes one line a second, and the next tells how many were left out", () => {
  const { brake: subject, lines } = brake();
  vi.advanceTimersByTime(5_000);
  for (let index = 0; index < 100; index += 1) subject.report(new Error("away"));
  vi.advanceTimersByTime(1_001);
  subject.report(new Error("away"));
  expect(lines.map((line) => JSON.parse(line).suppressed)).toEqual([0, 99]);
});

it("never logs a command's arguments", () => {
  const { brake: subject, lines } = brake();
  vi.advanceTimersByTime(5_000);
  subject.report(Object.assign(new Error("OOM"), { command: { name: "evalsha", args: ["a payload"] } }));
  expect(lines.join()).toContain("OOM");
  expect(lines.join()).not.toContain("a payload");
});

it("does not wake a consumer that was closed meanwhile", () => {
  const { brake: subject, resume } = brake();
  vi.advanceTimersByTime(5_000);
  for (let index = 0; index < 10; index += 1) subject.report(new Error("away"));
  subject.release();
  vi.advanceTimersByTime(10_000);
  expect(resume).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
