import { describe, expect, test, vi } from "vitest";
import {
  auditInvariants,
  claimAnalysis,
  completeAnalyses,
  completeAnalysis,
  deleteAnalysis,
  endLeasesOfGone,
  extendRowLease,
  failExhaustedRow,
  failRow,
  findLimbo,
  getAnalysis,
  listen,
  newWorkerKey,
  type RowFailure,
  regenerate,
  releaseRow,
  replayDeadLetter,
  rowKinds,
} from "../../src/db/index.ts";
import { claim, completion, letLeaseRunOut, operator, silent, stage, submitted } from "./stage.ts";

const room = stage();
const error: RowFailure = { code: "ANALYSIS_CRASHED", message: "It crashed. \0\ud800", retryable: false };
const take = (id: string, generation = 1) =>
  claimAnalysis(room.worker, { id, generation, leaseMs: 30_000, maxAttempts: 3 });
const stored = async (row: { id: string; locationId: string }) => {
  const record = await getAnalysis(room.api, { locationId: row.locationId, id: row.id, report: true });
  if (record === null) throw new Error("the analysis is gone");
  return record;
};

describe("several at once", () => {
  test("are completed in one statement, each by its own lease", async () => {
    const submissions = [await submitted(room), await submitted(room), await submitted(room), await submitted(room)];
    const claims = await Promise.all(submissions.map(({ id }) => claim(room, id)));
    const [, lost, canceled] = claims;
    if (lost === undefined || canceled === undefined) throw new Error("not claimed");
    await letLeaseRunOut(room, lost.id);
    await deleteAnalysis(room.api, { ...canceled, actor: "key:test" });
    const outcomes = await completeAnalyses(
      room.worker,
      claims.map((holder, index) => ({ ...completion, ...holder, score: index })),
    );
    expect(outcomes).toEqual(["done", "lost", "lost", "done"]);
    expect(await Promise.all(submissions.map(stored))).toMatchObject([
      { status: "completed", score: 0, reportJson: '{"score":94}' },
      { status: "running", score: null, reportJson: null },
      { status: "canceled", score: null, reportJson: null },
      { status: "completed", score: 3, reportJson: '{"score":94}' },
    ]);
  });

  test("of which one cannot be stored are all refused, and nothing of them is written", async () => {
    const submissions = [await submitted(room), await submitted(room)];
    const [good, bad] = await Promise.all(submissions.map(({ id }) => claim(room, id)));
    if (good === undefined || bad === undefined) throw new Error("not claimed");
    const broken = { ...completion, ...bad, reportJson: Buffer.from("{") };
    await expect(completeAnalyses(room.worker, [{ ...completion, ...good }, broken])).rejects.toThrow("json");
    expect(await Promise.all(submissions.map(stored))).toMatchObject([{ status: "running" }, { status: "running" }]);
    expect(await completeAnalysis(room.worker, { ...completion, ...good })).toBe("done");
  });
});

describe("claiming", () => {
  test("gives the snapshot and makes the row running with its first attempt", async () => {
    const submission = await submitted(room);
    expect(await take(submission.id)).toMatchObject({
      outcome: "claimed",
      analysis: {
        id: submission.id,
        locationId: submission.locationId,
        attempt: 1,
        requestId: submission.requestId,
        snapshot: submission.snapshot,
      },
    });
    expect(await stored(submission)).toMatchObject({ status: "running", attempts: 1, startedAt: expect.any(Date) });
  });

  test("by ten workers at once succeeds for one", async () => {
    const submission = await submitted(room);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => take(submission.id)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([...Array(9).fill("busy"), "claimed"]);
  });

  test("a row whose worker lives tells how long its lease lasts", async () => {
    const submission = await submitted(room);
    await claim(room, submission.id);
    const outcome = await take(submission.id);
    expect(outcome).toEqual({ outcome: "busy", leaseRemainingMs: expect.any(Number) });
    expect(outcome.outcome === "busy" && outcome.leaseRemainingMs).toBeLessThanOrEqual(30_000);
  });

  test("a row whose worker died takes it over, as the next attempt", async () => {
    const submission = await submitted(room);
    await claim(room, submission.id);
    await letLeaseRunOut(room, submission.id);
    expect(await take(submission.id)).toMatchObject({ outcome: "claimed", analysis: { attempt: 2 } });
  });

  test("with the generation of an older job finds nothing", async () => {
    const submission = await submitted(room);
    await regenerate(room.worker, rowKinds.analysis, { rows: [{ id: submission.id, generation: 1 }], maxAttempts: 3 });
    expect(await take(submission.id, 1)).toEqual({ outcome: "nothing" });
    expect(await take(submission.id, 2)).toMatchObject({ outcome: "claimed" });
  });

  test.each(["not-a-uuid", "", "0198f000-0000-7000-8000-000000000000"])("%j finds nothing", async (id) => {
    expect(await take(id)).toEqual({ outcome: "nothing" });
  });

  test("a fourth time of three is refused, and the row becomes a dead letter that can be replayed", async () => {
    const submission = await submitted(room);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await take(submission.id);
      await letLeaseRunOut(room, submission.id);
    }
    expect(await take(submission.id)).toEqual({ outcome: "exhausted", attempts: 3 });
    expect(
      await failExhaustedRow(room.worker, rowKinds.analysis, { id: submission.id, generation: 1, maxAttempts: 3 }),
    ).toBe("done");
    expect(await stored(submission)).toMatchObject({
      status: "failed",
      error: { code: "ATTEMPTS_EXHAUSTED", retryable: true },
    });
    expect(await replayDeadLetter(room.worker, { job: "analysis", id: submission.id }, operator)).toBe(true);
    expect(await replayDeadLetter(room.worker, { job: "analysis", id: submission.id }, operator)).toBe(false);
    expect(await take(submission.id, 2)).toMatchObject({ outcome: "claimed", analysis: { attempt: 1 } });
  });
});

describe("a paused worker that wakes up late", () => {
  const lateWrites: [string, (holder: { id: string; leaseToken: string }) => Promise<unknown>][] = [
    ["complete", (holder) => completeAnalysis(room.worker, { ...completion, score: 1, ...holder })],
    ["fail", (holder) => failRow(room.worker, rowKinds.analysis, { ...holder, error, dead: false })],
    [
      "release",
      (holder) => releaseRow(room.worker, rowKinds.analysis, { ...holder, error, delayMs: 0, through: "queue" }),
    ],
    ["extend", (holder) => extendRowLease(room.worker, rowKinds.analysis, { ...holder, leaseMs: 30_000 })],
  ];

  test.each(lateWrites)("cannot %s once its lease ran out", async (_name, write) => {
    const submission = await submitted(room);
    const late = await claim(room, submission.id);
    await letLeaseRunOut(room, submission.id);
    expect(await write(late)).toBe("lost");
    expect(await stored(submission)).toMatchObject({ status: "running", error: null });
  });

  test.each(lateWrites)("cannot %s what another worker has taken over", async (_name, write) => {
    const submission = await submitted(room);
    const late = await claim(room, submission.id);
    await letLeaseRunOut(room, submission.id);
    const next = await claim(room, submission.id);
    expect(await write(late)).toBe("lost");
    expect(await completeAnalysis(room.worker, { ...completion, ...next })).toBe("done");
    expect(await write(late)).toBe("lost");
    expect(await stored(submission)).toMatchObject({ status: "completed", score: 94, error: null });
  });
});

describe("finishing", () => {
  test("commits result and status together, the report byte for byte", async () => {
    const submission = await submitted(room);
    const reportJson = JSON.stringify({ text: "\0 \ud800 é \u{1f600}", b: 1, a: 12345678901234567890n.toString() });
    const holder = await claim(room, submission.id);
    expect(await completeAnalysis(room.worker, { ...completion, ...holder, reportJson: Buffer.from(reportJson) })).toBe(
      "done",
    );
    expect(await stored(submission)).toMatchObject({ status: "completed", durationMs: 12, reportJson });
  });

  test("twice has one effect", async () => {
    const submission = await submitted(room);
    const holder = await claim(room, submission.id);
    const ends = await Promise.all([1, 2].map(() => completeAnalysis(room.worker, { ...completion, ...holder })));
    expect(ends.sort()).toEqual(["done", "lost"]);
  });

  test("as failed keeps the error; only an exhausted one is a dead letter", async () => {
    const [permanent, exhausted] = [await submitted(room), await submitted(room)];
    await failRow(room.worker, rowKinds.analysis, { ...(await claim(room, permanent.id)), error, dead: false });
    await failRow(room.worker, rowKinds.analysis, { ...(await claim(room, exhausted.id)), error, dead: true });
    expect(await stored(permanent)).toMatchObject({ status: "failed", error, finishedAt: expect.any(Date) });
    expect(await replayDeadLetter(room.worker, { job: "analysis", id: permanent.id }, operator)).toBe(false);
    expect(await replayDeadLetter(room.worker, { job: "analysis", id: exhausted.id }, operator)).toBe(true);
  });

  test("is final: the database refuses to change a finished row, whoever asks", async () => {
    const submission = await submitted(room);
    await completeAnalysis(room.worker, { ...completion, ...(await claim(room, submission.id)) });
    const change = room.worker.kysely.updateTable("analyses").where("id", "=", submission.id);
    await expect(change.set({ status: "queued", generation: 2 }).execute()).rejects.toThrow("cannot become queued");
    await expect(change.set({ score: 3 }).execute()).rejects.toThrow("is completed");
    await expect(change.set({ generation: 0 }).execute()).rejects.toThrow("cannot go back");
  });
});

describe("giving back for another attempt", () => {
  test("through the queue keeps the generation", async () => {
    const submission = await submitted(room);
    const holder = await claim(room, submission.id);
    expect(await releaseRow(room.worker, rowKinds.analysis, { ...holder, error, delayMs: 0, through: "queue" })).toBe(
      "done",
    );
    expect(await stored(submission)).toMatchObject({ status: "queued", attempts: 1, generation: 1 });
    expect(await take(submission.id)).toMatchObject({ outcome: "claimed", analysis: { attempt: 2 } });
  });

  test("through the dispatcher takes a new generation, and a stray job of the old one finds nothing", async () => {
    const submission = await submitted(room);
    const holder = await claim(room, submission.id);
    await releaseRow(room.worker, rowKinds.analysis, { ...holder, error, delayMs: 60_000, through: "dispatcher" });
    expect(await stored(submission)).toMatchObject({ status: "queued", generation: 2 });
    expect(await take(submission.id)).toEqual({ outcome: "nothing" });
  });
});

describe("canceling", () => {
  test("a running analysis reaches its worker at the next heartbeat, and the result is not written", async () => {
    const submission = await submitted(room);
    const holder = await claim(room, submission.id);
    expect(await extendRowLease(room.worker, rowKinds.analysis, { ...holder, leaseMs: 30_000 })).toBe("held");
    const wanted = { ...submission, actor: "key:test" };
    expect(await deleteAnalysis(room.api, wanted)).toBe("canceled");
    expect(await extendRowLease(room.worker, rowKinds.analysis, { ...holder, leaseMs: 30_000 })).toBe("canceled");
    expect(await completeAnalysis(room.worker, { ...completion, ...holder })).toBe("lost");
    expect(await stored(submission)).toMatchObject({ status: "canceled", finishedAt: expect.any(Date), score: null });
    expect(await deleteAnalysis(room.api, wanted)).toBe("notFound");
  });

  test("a queued analysis leaves nothing to claim", async () => {
    const submission = await submitted(room);
    expect(await deleteAnalysis(room.api, submission)).toBe("canceled");
    expect(await take(submission.id)).toEqual({ outcome: "nothing" });
  });

  test("a finished analysis removes it with its result", async () => {
    const submission = await submitted(room);
    await completeAnalysis(room.worker, { ...completion, ...(await claim(room, submission.id)) });
    expect(await deleteAnalysis(room.api, submission)).toBe("removed");
    expect(await getAnalysis(room.api, { ...submission, report: true })).toBeNull();
    expect(await deleteAnalysis(room.api, submission)).toBe("notFound");
    const left = await room.worker.kysely
      .selectFrom("analysis_results")
      .selectAll()
      .where("analysis_id", "=", submission.id)
      .execute();
    expect(left).toEqual([]);
  });

  test("while the worker completes gives one end or the other, never both", async () => {
    for (let round = 0; round < 10; round += 1) {
      const submission = await submitted(room);
      const holder = await claim(room, submission.id);
      const [completed, deleted] = await Promise.all([
        completeAnalysis(room.worker, { ...completion, ...holder }),
        deleteAnalysis(room.api, submission),
      ]);
      expect([completed, deleted]).toEqual(completed === "done" ? ["done", "removed"] : ["lost", "canceled"]);
    }
  });
});

describe("the reconciler", () => {
  test("finds rows dispatched long ago and rows whose lease ran out, and no others", async () => {
    const [forgotten, abandoned, fresh, held] = [
      await submitted(room),
      await submitted(room),
      await submitted(room),
      await submitted(room),
    ];
    await room.worker.kysely
      .updateTable("analyses")
      .set({ dispatched_at: new Date(0) })
      .where("id", "=", forgotten.id)
      .execute();
    await claim(room, abandoned.id);
    await letLeaseRunOut(room, abandoned.id);
    await claim(room, held.id);
    const found = await findLimbo(room.worker, rowKinds.analysis, { dispatchedBeforeMs: 60_000, limit: 1_000 });
    const ids = found.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([forgotten.id, abandoned.id]));
    expect(ids).not.toContain(fresh.id);
    expect(ids).not.toContain(held.id);
  });

  test("takes the first attempt from a worker whose session ended and that is silent, and nothing else", async () => {
    const [key, otherKey] = [newWorkerKey(), newWorkerKey()];
    const session = (workerKey: number) =>
      listen({
        ...{ url: room.test.workerUrl, applicationName: "test session", channels: [], workerKey, log: silent },
        ...{ onNotification: () => undefined, onReconnect: () => undefined },
      });
    const [dying, living] = [session(key), session(otherKey)];
    await Promise.all([dying.ready, living.ready]);
    const leased = async (leaseMs: number, workerKey?: number) => {
      const { id } = await submitted(room);
      const owner = workerKey === undefined ? {} : { workerKey };
      const claimed = await claimAnalysis(room.worker, { id, generation: 1, leaseMs, maxAttempts: 3, ...owner });
      if (claimed.outcome !== "claimed") throw new Error("not claimed");
      return { ...claimed.analysis, leaseMs };
    };
    const gone = { leaseMs: 60_000, silentMs: 1 };
    // Of leases of a minute, those with 50 s left were not extended for 10 s.
    const broken = await leased(50_000, key);
    const again = await leased(50_000, key);
    await room.worker.kysely.updateTable("analyses").set({ attempt: 2 }).where("id", "=", again.id).execute();
    const kept = [await leased(70_000, key), await leased(50_000, otherKey), await leased(50_000), again];
    const look = async (row: typeof broken) => {
      await endLeasesOfGone(room.worker, rowKinds.analysis, gone);
      return extendRowLease(room.worker, rowKinds.analysis, row);
    };
    expect(await look(broken)).toBe("held");
    await dying.close();
    await vi.waitFor(async () => expect(await look(broken)).toBe("lost"), 10_000);
    for (const row of kept) expect(await look(row)).toBe("held");
    await living.close();
  });

  test("called twice at once gives one new generation", async () => {
    const submission = await submitted(room);
    const rows = [{ id: submission.id, generation: 1 }];
    await Promise.all([1, 2, 3].map(() => regenerate(room.worker, rowKinds.analysis, { rows, maxAttempts: 3 })));
    expect(await stored(submission)).toMatchObject({ status: "queued", generation: 2 });
  });

  test("lets what has ended a worker more than once wait apart from others, and nothing else", async () => {
    const begun = async (attempt: number) => {
      const submission = await submitted(room);
      await claim(room, submission.id);
      await room.worker.kysely.updateTable("analyses").set({ attempt }).where("id", "=", submission.id).execute();
      await letLeaseRunOut(room, submission.id);
      return submission;
    };
    const lost = await Promise.all([1, 2, 2].map(begun));
    const rows = lost.map(({ id }) => ({ id, generation: 1 }));
    await regenerate(room.worker, rowKinds.analysis, { rows, maxAttempts: 3, apartMs: 60_000 });
    const dueOf = async ({ id }: { readonly id: string }) =>
      (await room.worker.kysely.selectFrom("analyses").select("due_at").where("id", "=", id).executeTakeFirstOrThrow())
        .due_at;
    const [first, ...others] = await Promise.all(lost.map(dueOf));
    expect(first).toBeNull();
    const waits = others.map((due) => (due?.getTime() ?? 0) - Date.now());
    expect(new Set(waits).size).toBe(2);
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(61_000);
    expect(Math.min(...waits)).toBeGreaterThan(-10_000);
  });

  test("makes a dead letter of what has used its attempts", async () => {
    const submission = await submitted(room);
    await claim(room, submission.id);
    await letLeaseRunOut(room, submission.id);
    const rows = [{ id: submission.id, generation: 1 }];
    expect(await regenerate(room.worker, rowKinds.analysis, { rows, maxAttempts: 1 })).toEqual({ waiting: 0, dead: 1 });
    expect(await stored(submission)).toMatchObject({ status: "failed", error: { code: "ATTEMPTS_EXHAUSTED" } });
  });
});

test("after all of this the auditor finds no broken invariant", async () => {
  expect(await auditInvariants(room.worker, { openForMs: 3_600_000 })).toEqual({
    lostAccepted: 0,
    limbo: 0,
    effects: 0,
    unfenced: 0,
  });
});
