import { expect, test } from "vitest";
import { createBatches } from "./batches.ts";

/** A run that ends when it is told to. */
function controlled(most = 3) {
  const batches: { readonly items: readonly number[]; readonly end: PromiseWithResolvers<void> }[] = [];
  const inBatch = createBatches<number, string>(most, async (items) => {
    const end = Promise.withResolvers<void>();
    batches.push({ items, end });
    await end.promise;
    return items.map((item) => `did ${item}`);
  });
  return { batches, inBatch };
}

test("one item runs at once; what comes meanwhile makes up the next batches, in order and none too large", async () => {
  const { batches, inBatch } = controlled();
  const first = inBatch(1);
  expect(batches.map(({ items }) => items)).toEqual([[1]]);
  const others = [2, 3, 4, 5].map(inBatch);
  batches[0]?.end.resolve();
  expect(await first).toBe("did 1");
  expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
  batches[1]?.end.resolve();
  expect(await Promise.all(others.slice(0, 3))).toEqual(["did 2", "did 3", "did 4"]);
  batches[2]?.end.resolve();
  expect(await others[3]).toBe("did 5");
  const late = inBatch(6);
  expect(batches.at(-1)?.items).toEqual([6]);
  batches.at(-1)?.end.resolve();
  expect(await late).toBe("did 6");
});

test("a batch that fails is the failure of its items alone", async () => {
  const { batches, inBatch } = controlled();
  const outcomes = [1, 2].map((item) => inBatch(item).catch((error: Error) => error.message));
  batches[0]?.end.reject(new Error("gone"));
  expect(await outcomes[0]).toBe("gone");
  batches[1]?.end.resolve();
  expect(await outcomes[1]).toBe("did 2");
});
