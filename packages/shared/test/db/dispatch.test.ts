import { sql } from "kysely";
import { expect, test } from "vitest";
import {
  analysesOverview,
  auditInvariants,
  claimWaiting,
  completeAnalysis,
  confirmDispatched,
  findLimbo,
  leaveToDispatcher,
  returnToWaiting,
  rowKinds,
  submitAnalysis,
  takeWaiting,
} from "../../src/db/index.ts";
import { aSubmission, seedLocation } from "../support/index.ts";
import { claim, completion, letLeaseRunOut, stage, submitted } from "./stage.ts";

const room = stage();

/** Submits rows that wait for the dispatcher; their ids, oldest first. */
async function waiting(locationId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const submission = aSubmission(locationId, { directLimit: 0 });
    await submitAnalysis(room.api, submission);
    ids.push(submission.id);
  }
  return ids;
}

async function drain(): Promise<string[]> {
  const taken: string[] = [];
  for (;;) {
    const rows = await takeWaiting(room.worker, rowKinds.analysis, { limit: 100 });
    if (rows.length === 0) return taken;
    taken.push(...rows.map(({ id }) => id));
  }
}

test("one location's long backlog does not delay another's single analysis", async () => {
  await drain();
  const [noisy, quiet] = [await seedLocation(room.worker), await seedLocation(room.worker)];
  const many = await waiting(noisy, 40);
  const [one] = await waiting(quiet, 1);
  const taken = (await takeWaiting(room.worker, rowKinds.analysis, { limit: 10 })).map(({ id }) => id);
  expect(taken).toHaveLength(10);
  expect(taken.slice(0, 2).sort()).toEqual([many[0], one].sort());
  expect(taken.filter((id) => id !== one)).toEqual(many.slice(0, 9));
});

test("dispatchers that run at once never take a row twice, and leave none", async () => {
  await drain();
  const locations = [await seedLocation(room.worker), await seedLocation(room.worker), await seedLocation(room.worker)];
  const made: string[] = [];
  for (const location of locations) made.push(...(await waiting(location, 30)));
  const rounds = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const mine = [
        ...(await takeWaiting(room.worker, rowKinds.analysis, { limit: 7 })),
        ...(await takeWaiting(room.worker, rowKinds.analysis, { limit: 7 })),
      ];
      return mine.map(({ id }) => id);
    }),
  );
  const taken = [...rounds.flat(), ...(await drain())];
  expect(taken.sort()).toEqual(made.sort());
});

test("waiting rows are claimed in the same turn, with what they are about, and by one alone", async () => {
  await drain();
  const [noisy, quiet] = [await seedLocation(room.worker), await seedLocation(room.worker)];
  const many = await waiting(noisy, 6);
  const [one = ""] = await waiting(quiet, 1);
  const more = { limit: 4, bytes: 1_000_000, leaseMs: 30_000, maxAttempts: 3 };
  const [first, second] = await Promise.all([claimWaiting(room.worker, more), claimWaiting(room.worker, more)]);
  expect([...first, ...second].map(({ id }) => id).sort()).toEqual([...many, one].sort());
  expect(Math.max(first.length, second.length)).toBe(4);
  const mine = first.find(({ id }) => id === many[0]) ?? second.find(({ id }) => id === many[0]);
  expect(mine).toMatchObject({ locationId: noisy, generation: 1, attempt: 1, snapshot: { size: expect.any(Number) } });
  expect(await takeWaiting(room.worker, rowKinds.analysis, { limit: 9 })).toEqual([]);
  for (const holder of [...first, ...second]) {
    expect(await completeAnalysis(room.worker, { ...completion, ...holder })).toBe("done");
  }
});

test("of waiting rows no more are claimed than the definitions' sizes allow, nor any that used its attempts", async () => {
  await drain();
  const ids = await waiting(await seedLocation(room.worker), 3);
  const take = (bytes: number, maxAttempts: number) =>
    claimWaiting(room.worker, { limit: 9, bytes, leaseMs: 30_000, maxAttempts });
  expect(await take(1_000_000, 0)).toEqual([]);
  const { size } = aSubmission("any").snapshot;
  expect(await take(size - 1, 3)).toEqual([]);
  expect((await take(2 * size + 1, 3)).map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(await drain()).toEqual(ids.slice(2));
});

test("rows enqueued by the API, and rows not due yet, are not taken", async () => {
  await drain();
  await submitted(room);
  const [later] = await waiting(await seedLocation(room.worker), 1);
  await room.worker.kysely
    .updateTable("analyses")
    .set({ due_at: sql<Date>`now() + interval '1 hour'` })
    .where("id", "=", later ?? "")
    .execute();
  expect(await drain()).toEqual([]);
});

test("a row that the queue refused, or that the API could not enqueue, is taken again", async () => {
  await drain();
  const [refused] = await waiting(await seedLocation(room.worker), 1);
  const taken = await takeWaiting(room.worker, rowKinds.analysis, { limit: 1 });
  await returnToWaiting(room.worker, rowKinds.analysis, taken);
  const direct = await submitted(room);
  await leaveToDispatcher(room.api, direct);
  expect((await drain()).sort()).toEqual([refused, direct.id].sort());
});

test("rows that the queue confirmed go to the back of the reconciler's search", async () => {
  const submission = await submitted(room);
  await room.worker.kysely
    .updateTable("analyses")
    .set({ dispatched_at: new Date(0) })
    .where("id", "=", submission.id)
    .execute();
  const search = { dispatchedBeforeMs: 3_600_000, limit: 1_000 };
  expect((await findLimbo(room.worker, rowKinds.analysis, search)).map(({ id }) => id)).toContain(submission.id);
  await confirmDispatched(room.worker, rowKinds.analysis, [submission.id]);
  expect((await findLimbo(room.worker, rowKinds.analysis, search)).map(({ id }) => id)).not.toContain(submission.id);
});

test("the overview counts what waits, runs and is delayed, for the API's role too", async () => {
  const before = await analysesOverview(room.api);
  const running = await submitted(room);
  await claim(room, running.id);
  const old = await submitted(room);
  await room.worker.kysely
    .updateTable("analyses")
    .set({ created_at: sql<Date>`now() - interval '1 hour'` })
    .where("id", "=", old.id)
    .execute();
  const after = await analysesOverview(room.api);
  expect(after).toMatchObject({ waiting: before.waiting + 1, active: before.active + 1, delayed: before.delayed });
  expect(after.oldestWaitingMs).toBeGreaterThanOrEqual(3_600_000);
  expect(after.oldestWaitingMs).toBeLessThan(3_700_000);
});

test("the auditor counts each kind of broken invariant", async () => {
  const bound = { openForMs: 60_000 };
  const clean = await auditInvariants(room.worker, bound);
  const [lost, limbo, twisted] = [await submitted(room), await submitted(room), await submitted(room)];
  const { kysely } = room.worker;
  await kysely.deleteFrom("analyses").where("id", "=", lost.id).execute();
  await kysely
    .updateTable("analyses")
    .set({ created_at: new Date(0) })
    .where("id", "=", limbo.id)
    .execute();
  await kysely
    .insertInto("analysis_results")
    .values({ analysis_id: limbo.id, location_id: limbo.locationId, report: "{}" })
    .execute();
  await kysely.updateTable("analyses").set({ status: "running" }).where("id", "=", twisted.id).execute();
  const found = await auditInvariants(room.worker, bound);
  expect(found).toEqual({
    lostAccepted: clean.lostAccepted + 1,
    limbo: clean.limbo + 1,
    effects: clean.effects + 1,
    unfenced: clean.unfenced + 1,
  });
});

test("a lease that ran out is no longer waited for", async () => {
  const submission = await submitted(room);
  await claim(room, submission.id);
  await letLeaseRunOut(room, submission.id);
  expect(
    await findLimbo(room.worker, rowKinds.analysis, { dispatchedBeforeMs: 3_600_000, limit: 1_000 }),
  ).toContainEqual({
    id: submission.id,
    generation: 1,
    status: "running",
  });
});
