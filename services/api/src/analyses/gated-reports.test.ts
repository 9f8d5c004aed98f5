import type { AnalysisState } from "@workflow-debugger/shared/db";
import { expect, test, vi } from "vitest";
import { createGatedReports } from "./gated-reports.ts";

const state = (id: string) => ({ id, generation: 1, finishedAt: new Date(0) }) as AnalysisState;
const free = { plan: "free", checkoutUrl: "" } as const;
const pro = { plan: "pro", checkoutUrl: "" } as const;

test("a report is made once for each plan, and again when its analysis finished anew", async () => {
  const gatedReport = createGatedReports();
  const make = vi.fn(async () => "{}");
  for (const reader of [free, pro, free, pro]) expect(await gatedReport(state("a"), reader, make)).toBe("{}");
  expect(make).toHaveBeenCalledTimes(2);
  await gatedReport({ ...state("a"), finishedAt: new Date(1) }, pro, make);
  await gatedReport({ ...state("a"), generation: 2 }, pro, make);
  expect(make).toHaveBeenCalledTimes(4);
});

test("what is remembered has a bound: the one that was not read for longest goes first, and one too long is not kept", async () => {
  const gatedReport = createGatedReports(10);
  const made: string[] = [];
  const read = (id: string, length = 4) =>
    gatedReport(state(id), pro, async () => {
      made.push(id);
      return "x".repeat(length);
    });
  for (const id of ["a", "b", "a", "c", "a", "b"]) await read(id);
  expect(made).toEqual(["a", "b", "c", "b"]);
  await read("long", 11);
  await read("long", 11);
  expect(made.slice(4)).toEqual(["long", "long"]);
});

test("what could not be made is made again", async () => {
  const gatedReport = createGatedReports();
  await expect(gatedReport(state("a"), pro, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await gatedReport(state("a"), pro, async () => "{}")).toBe("{}");
});
