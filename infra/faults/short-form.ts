import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Measured, measured } from "./harness/measured.ts";
import { type Injected, injectRow } from "./harness/row.ts";
import { type Backend, type Stack, startStack } from "./harness/stack.ts";
import { tableOf } from "./harness/table.ts";
import { startYardstick, type Yardstick } from "./harness/yardstick.ts";
import { rows } from "./rows/index.ts";

/** The short form of every row on one queue, a test each, and the table at the end. `pnpm test:faults` runs the same rows. */
export function proveRows(backend: Backend): void {
  const seed = Date.now() % 1_000_000;

  describe(`the faults on ${backend} (seed ${seed})`, () => {
    let stack: Stack;
    let yardstick: Yardstick;
    const injected: Injected[] = [];
    beforeAll(async () => {
      [stack, yardstick] = await Promise.all([startStack(backend), startYardstick()]);
    }, 60_000);
    afterAll(() => Promise.all([stack.stop(), yardstick.stop()]), 60_000);

    const proven = rows.filter(({ backends }) => backends.includes(backend));
    for (const row of proven) {
      test(`${row.row}: ${row.fault}`, { timeout: 240_000 }, async () => {
        const fault = await injectRow(row, stack, { full: false, seed, yardstick });
        injected.push(fault);
        expect(fault.problems).toEqual([]);
      });
    }

    // At the end, so that the leases of killed workers run out while other rows are at work.
    test("nothing is lost and nothing happened twice", { timeout: 240_000 }, async () => {
      const outcomes: Measured[] = [];
      for (const { account } of injected) outcomes.push(await measured(account));
      console.log(tableOf(outcomes));
      expect(outcomes).toHaveLength(proven.length);
      for (const { row, lost, duplicated, problems, trials } of outcomes) {
        expect({ row, lost, duplicated, problems }).toEqual({ row, lost: 0, duplicated: 0, problems: [] });
        expect(trials).toBeGreaterThan(0);
      }
    });
  });
}
