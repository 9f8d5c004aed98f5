import { expect, it, vi } from "vitest";
import { GROUP } from "./engine/grouping-pool.ts";
import { createPuller, MOST_PULLED, type TakenRow } from "./puller.ts";

const payload = { id: "0198c0de-0000-7000-8000-000000000000", generation: 1, requestId: "request" };

/** A puller over a backlog, whose work ends when told. */
function pulling(backlog: number) {
  let waiting = backlog;
  let started = 0;
  let takes = true;
  let looks = 0;
  const underWay: PromiseWithResolvers<void>[] = [];
  const onIdle = vi.fn();
  const row: TakenRow<"analysis"> = { payload, work: async () => ({ kind: "done", result: "completed" }) };
  const puller = createPuller({
    async takeMore(limit) {
      looks += 1;
      const rows = Math.min(limit, waiting);
      waiting -= rows;
      return Array.from({ length: rows }, () => row);
    },
    worker: {
      takes: () => takes,
      alongside() {
        started += 1;
        const work = Promise.withResolvers<void>();
        underWay.push(work);
        return work.promise;
      },
    },
    onIdle,
  });
  return {
    puller,
    onIdle,
    stopTaking() {
      takes = false;
    },
    finish: (count: number) => {
      for (const work of underWay.splice(0, count)) work.resolve();
    },
    counts: () => ({ waiting, started, looks }),
  };
}

const turns = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
};

it("takes the whole backlog after one ring, a few groups at a time", async () => {
  const { puller, counts, finish, onIdle } = pulling(5 * GROUP);
  puller.ring();
  await turns();
  expect(counts()).toEqual({ waiting: 5 * GROUP - MOST_PULLED, started: MOST_PULLED, looks: MOST_PULLED / GROUP });
  expect(puller.busy()).toBe(true);
  finish(GROUP - 1);
  await turns();
  expect(counts().started).toBe(MOST_PULLED);
  finish(5 * GROUP);
  await turns();
  finish(5 * GROUP);
  await turns();
  expect(counts()).toMatchObject({ waiting: 0, started: 5 * GROUP });
  expect(puller.busy()).toBe(false);
  expect(onIdle).toHaveBeenCalledOnce();
});

it("looks once for what waits behind deliveries that come together, and not again at once", async () => {
  const { puller, counts, onIdle } = pulling(0);
  for (let delivery = 0; delivery < 10; delivery += 1) puller.ring();
  await turns();
  puller.ring();
  await turns();
  expect(counts().looks).toBe(1);
  expect(onIdle).not.toHaveBeenCalled();
});

it("takes nothing while its worker takes nothing", async () => {
  const { puller, counts, finish, stopTaking } = pulling(10 * GROUP);
  puller.ring();
  await turns();
  stopTaking();
  finish(MOST_PULLED);
  await turns();
  puller.ring();
  await turns();
  expect(counts().started).toBe(MOST_PULLED);
});

it("is not busy with what takes long", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const { puller } = pulling(5 * GROUP);
    puller.ring();
    await turns();
    vi.advanceTimersByTime(1_001);
    expect(puller.busy()).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});
