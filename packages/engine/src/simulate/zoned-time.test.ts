import fc from "fast-check";
import { expect, test } from "vitest";
import { createClock, isZone, minuteOfDay, readInstant, readMoment, written } from "./zoned-time.ts";

const chicago = createClock("America/Chicago");
const iso = (instant: number) => new Date(instant).toISOString();

test("a clock shows the time of its zone, before and after the clocks change", () => {
  expect(written(chicago.read(Date.parse("2026-11-25T05:40:00Z")))).toBe("Tue 2026-11-24 23:40:00");
  expect(written(chicago.read(Date.parse("2026-03-08T07:59:59Z")))).toBe("Sun 2026-03-08 01:59:59");
  expect(written(chicago.read(Date.parse("2026-03-08T08:00:00Z")))).toBe("Sun 2026-03-08 03:00:00");
  expect(written(createClock("Asia/Kathmandu").read(0))).toBe("Thu 1970-01-01 05:30:00");
});

test("nine o'clock is nine o'clock on both sides of a change", () => {
  expect(iso(chicago.instantOf(2026, 3, 7, 9 * 60))).toBe("2026-03-07T15:00:00.000Z");
  expect(iso(chicago.instantOf(2026, 3, 8, 9 * 60))).toBe("2026-03-08T14:00:00.000Z");
  expect(iso(chicago.instantOf(2026, 11, 1, 9 * 60))).toBe("2026-11-01T15:00:00.000Z");
});

test("a time that the change leaves out comes an hour later, one that comes twice is the first", () => {
  expect(written(chicago.read(chicago.instantOf(2026, 3, 8, 2 * 60 + 30)))).toBe("Sun 2026-03-08 03:30:00");
  expect(iso(chicago.instantOf(2026, 11, 1, 90))).toBe("2026-11-01T06:30:00.000Z");
  // Lord Howe moves its clocks by half an hour.
  const howe = createClock("Australia/Lord_Howe");
  expect(written(howe.read(howe.instantOf(2026, 10, 4, 2 * 60 + 10)))).toBe("Sun 2026-10-04 02:40:00");
});

test("whatever the zone, the instant of a reading shows that reading again", () => {
  const zone = fc.constantFrom("America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC");
  const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2060, 0, 1) });
  fc.assert(
    fc.property(zone, instant, (name, at) => {
      const clock = createClock(name);
      const reading = clock.read(at);
      const again = clock.instantOf(reading.year, reading.month, reading.day, minuteOfDay(reading));
      expect(written(clock.read(again)).slice(0, -3)).toBe(written(reading).slice(0, -3));
    }),
  );
});

test("zones are those that the runtime knows", () => {
  expect(["America/Chicago", "UTC", "Mars/Base", "", 7, "x".repeat(99)].map(isZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("an instant needs its zone; a moment without one is on the clock", () => {
  expect(readInstant("2026-11-24T23:40:00-06:00")).toBe(Date.parse("2026-11-25T05:40:00Z"));
  for (const value of ["2026-11-24T23:40:00", "2026-11-24", "soon", "", null, 0]) expect(readInstant(value)).toBeNaN();
  expect(iso(readMoment("2026-11-24T23:40", chicago))).toBe("2026-11-25T05:40:00.000Z");
  expect(iso(readMoment("2026-11-24", chicago))).toBe("2026-11-24T06:00:00.000Z");
  expect(iso(readMoment("2026-11-24T10:00Z", chicago))).toBe("2026-11-24T10:00:00.000Z");
  for (const value of ["2026-13-01", "2026-01-01T25:00", "next week", ""]) expect(readMoment(value, chicago)).toBeNaN();
});
