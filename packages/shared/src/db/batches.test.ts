import { expect, test } from "vitest";
import { createBatches } from "./batches.ts";

/** A run that ends when it is told to. */
function controlled({ most = 3, mostWaiting = 10 } = {}) {
  const batches: { readonly items: readonly number[]; readonly end: PromiseWithResolvers<void> }[] = [];
  const inBatch = createBatches<number, string>(
    most,
    async (items) => {
      const end = Promise.withResolvers<void>();
      batches.push({ items, end });
      await end.promise;
      return items.map((item) => `did ${item}`);
    },
    mostWaiting,
  );
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

const refused = (reason: string) => Object.assign(new Error(reason), { code: "23514" });
const gone = () => Object.assign(new Error("gone"), { code: "ECONNRESET" });
const messageOf = (error: Error) => error.message;

test("an item that cannot be done fails alone: the others of its batch are done again, each by itself", async () => {
  const { batches, inBatch } = controlled();
  const outcomes = [1, 2, 3, 4].map((item) => inBatch(item).catch(messageOf));
  batches[0]?.end.resolve();
  await outcomes[0];
  batches[1]?.end.reject(refused("one of them"));
  await Promise.resolve();
  for (const [index, end] of ["did", "refused", "did"].entries()) {
    while (batches.length < 3 + index) await Promise.resolve();
    if (end === "did") batches[2 + index]?.end.resolve();
    else batches[2 + index]?.end.reject(refused("odd"));
  }
  expect(await Promise.all(outcomes)).toEqual(["did 1", "did 2", "odd", "did 4"]);
  expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
});

test("a batch that the database was not there for is the failure of each of its items, and is not done again", async () => {
  const { batches, inBatch } = controlled();
  const outcomes = [1, 2, 3].map((item) => inBatch(item).catch(messageOf));
  batches[0]?.end.resolve();
  await outcomes[0];
  batches[1]?.end.reject(gone());
  expect(await Promise.all(outcomes)).toEqual(["did 1", "gone", "gone"]);
  expect(batches).toHaveLength(2);
});

test("what comes while as many wait as may is turned away at once", async () => {
  const { batches, inBatch } = controlled({ most: 1, mostWaiting: 2 });
  const outcomes = [1, 2, 3].map(inBatch);
  await expect(inBatch(4)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  for (const index of outcomes.keys()) {
    batches[index]?.end.resolve();
    await outcomes[index];
  }
  expect(await Promise.all(outcomes)).toEqual(["did 1", "did 2", "did 3"]);
});
