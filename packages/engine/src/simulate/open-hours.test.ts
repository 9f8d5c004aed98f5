import { expect, test } from "vitest";
import { readWindow, type Window } from "../model/windows.ts";
import { isOpen, nextOpening, nextStart } from "./open-hours.ts";
import { createClock, written } from "./zoned-time.ts";

const clock = createClock("America/Chicago");
const at = (day: number, hour: number, minute = 0) => clock.instantOf(2026, 11, day, hour * 60 + minute);
const hours = (start: string, end: string, days?: readonly number[]) =>
  readWindow({ start, end, ...(days === undefined ? {} : { days }) }) as Window;
const shown = (instant: number | null) => (instant === null ? null : written(clock.read(instant)));

test("open from the first minute to before the last", () => {
  const window = hours("09:00", "17:00");
  expect([at(24, 8, 59), at(24, 9), at(24, 16, 59), at(24, 17)].map((one) => isOpen(window, one, clock))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test("what comes too late goes on when the hours begin again", () => {
  const workdays = hours("09:00", "17:00", [1, 2, 3, 4, 5]);
  expect(shown(nextOpening(workdays, at(24, 10), clock))).toBe("Tue 2026-11-24 10:00:00");
  expect(shown(nextOpening(workdays, at(24, 23, 40), clock))).toBe("Wed 2026-11-25 09:00:00");
  expect(shown(nextOpening(workdays, at(27, 18), clock))).toBe("Mon 2026-11-30 09:00:00");
  expect(shown(nextStart(workdays, at(24, 10), clock))).toBe("Wed 2026-11-25 09:00:00");
});

test("hours over midnight belong to the day on which they begin", () => {
  const tuesdays = hours("22:00", "06:00", [2]);
  expect([at(24, 23), at(25, 5), at(25, 23), at(24, 5)].map((one) => isOpen(tuesdays, one, clock))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("without a day the hours never begin", () => {
  expect(nextOpening(hours("09:00", "17:00", []), at(24, 10), clock)).toBeNull();
});

test("hours that a change of clocks leaves out begin on the next day", () => {
  const early = hours("02:00", "03:00");
  const before = clock.instantOf(2026, 3, 7, 12 * 60);
  expect(shown(nextOpening(early, before, clock))).toBe("Mon 2026-03-09 02:00:00");
});
