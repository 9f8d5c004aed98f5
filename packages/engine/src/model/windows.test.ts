import { expect, test } from "vitest";
import { meet, readWindow, type Window } from "./windows.ts";

const window = (start: string, end: string, days?: readonly number[]) =>
  readWindow({ condition: "when", start, end, ...(days === undefined ? {} : { days }) }) as Window;

test("a window is read with its days, or without when they are not given", () => {
  expect(window("09:00", "17:30", [1, 2])).toEqual({ days: 6, from: 540, to: 1050 });
  expect(window("9:00 AM", "5 pm")).toEqual({ days: null, from: 540, to: 1020 });
});

test("what does not say from when to when is no window", () => {
  for (const value of [null, undefined, "09:00", {}, { start: "soon", end: "17:00" }])
    expect(readWindow(value)).toBeNull();
});

test("windows meet when they share a minute of a day", () => {
  expect(meet(window("09:00", "17:00"), window("16:00", "20:00"))).toBe(true);
  expect(meet(window("09:00", "17:00"), window("17:00", "20:00"))).toBe(false);
  expect(meet(window("09:00", "17:00", [1]), window("09:00", "17:00", [2]))).toBe(false);
  expect(meet(window("09:00", "17:00", [1]), window("09:00", "17:00"))).toBe(true);
});

test("a window over midnight is never said to miss another", () => {
  expect(meet(window("22:00", "06:00"), window("09:00", "17:00"))).toBe(true);
});
