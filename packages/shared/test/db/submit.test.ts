import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  auditEntries,
  completeAnalysis,
  getAnalysis,
  type IdempotencyClaim,
  settleIdempotency,
  submitAnalysis,
} from "../../src/db/index.ts";
import { aSubmission, seedLocation } from "../support/index.ts";
import { claim, completion, stage } from "./stage.ts";

const room = stage();
const fingerprint = (text: string) => createHash("sha256").update(text).digest();
const keyClaim = (changes: Partial<IdempotencyClaim> = {}): IdempotencyClaim => ({
  key: "order-66",
  route: "POST /api/analyze",
  fingerprint: fingerprint("bytes"),
  inProgressMs: 0,
  ...changes,
});

const age = (locationId: string, times: { in_progress_until?: Date; expires_at?: Date }) =>
  room.worker.kysely.updateTable("idempotency_keys").set(times).where("location_id", "=", locationId).execute();

describe("submitting an analysis", () => {
  test("stores it as queued, with an audit entry", async () => {
    const locationId = await seedLocation(room.worker);
    const submission = aSubmission(locationId, { options: { rules: { "TIME-001": { off: true } } } });
    const outcome = await submitAnalysis(room.api, submission);
    expect(outcome).toMatchObject({
      outcome: "accepted",
      dispatch: "direct",
      analysis: { id: submission.id, status: "queued", workflowId: submission.workflow.id },
    });
    expect(await getAnalysis(room.api, { locationId, id: submission.id, report: true })).toMatchObject({
      status: "queued",
      attempts: 0,
      startedAt: null,
      reportJson: null,
      cached: false,
    });
    expect(await auditEntries(room.api, { locationId, limit: 10 })).toMatchObject([
      { actor: "key:test", action: "analysis.submitted", subject: submission.id, requestId: submission.requestId },
    ]);
  });

  test("again with the same id, after a commit whose answer was lost, is the same acceptance", async () => {
    const locationId = await seedLocation(room.worker);
    const submission = aSubmission(locationId, { idempotency: keyClaim() });
    const first = await submitAnalysis(room.api, submission);
    expect(await submitAnalysis(room.api, submission)).toEqual(first);
    expect(await auditEntries(room.api, { locationId, limit: 10 })).toHaveLength(1);
  });

  test("leaves the row to the dispatcher when the location's backlog is long", async () => {
    const locationId = await seedLocation(room.worker);
    const dispatches = [];
    for (let count = 0; count < 3; count += 1) {
      const outcome = await submitAnalysis(room.api, aSubmission(locationId, { directLimit: 2 }));
      dispatches.push(outcome.outcome === "accepted" && outcome.dispatch);
    }
    expect(dispatches).toEqual(["direct", "direct", "waiting"]);
  });

  test("of one definition twice stores one snapshot", async () => {
    const locationId = await seedLocation(room.worker);
    const first = aSubmission(locationId);
    await submitAnalysis(room.api, first);
    await submitAnalysis(room.api, { ...aSubmission(locationId), snapshot: first.snapshot });
    const { count } = await room.worker.kysely
      .selectFrom("workflow_snapshots")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("location_id", "=", locationId)
      .executeTakeFirstOrThrow();
    expect(count).toBe(1);
  });

  test("keeps names with NUL and lone surrogates as storable text", async () => {
    const locationId = await seedLocation(room.worker);
    const submission = aSubmission(locationId, {
      workflow: { id: "w\0\ud800", name: `\udfff name \0 ${"x".repeat(9_999)}` },
      options: { facts: { odd: "\0\ud800" } },
    });
    await submitAnalysis(room.api, submission);
    const stored = await getAnalysis(room.api, { locationId, id: submission.id, report: false });
    expect(stored?.workflowId).toBe("w\ufffd\ufffd");
    expect(stored?.workflowName.slice(0, 9)).toBe("\ufffd name \ufffd ");
    expect(stored?.workflowName).toHaveLength(500);
  });

  test("of an unknown location is refused", async () => {
    await expect(submitAnalysis(room.api, aSubmission("nobody"))).rejects.toMatchObject({ code: "23503" });
  });
});

describe("an idempotency key", () => {
  test("used again with the same bytes gives the first analysis", async () => {
    const locationId = await seedLocation(room.worker);
    const first = await submitAnalysis(room.api, aSubmission(locationId, { idempotency: keyClaim() }));
    const again = await submitAnalysis(room.api, aSubmission(locationId, { idempotency: keyClaim() }));
    expect(first.outcome).toBe("accepted");
    expect(again).toEqual({
      outcome: "replayed",
      statusCode: 202,
      analysis: first.outcome === "accepted" && first.analysis,
    });
  });

  test("used again with other bytes is refused, and nothing is stored", async () => {
    const locationId = await seedLocation(room.worker);
    await submitAnalysis(room.api, aSubmission(locationId, { idempotency: keyClaim() }));
    const second = aSubmission(locationId, { idempotency: keyClaim({ fingerprint: fingerprint("others") }) });
    expect(await submitAnalysis(room.api, second)).toEqual({ outcome: "keyReused" });
    expect(await getAnalysis(room.api, { locationId, id: second.id, report: false })).toBeNull();
  });

  test("belongs to one location and one route", async () => {
    const [here, there] = [await seedLocation(room.worker), await seedLocation(room.worker)];
    const outcomes = [
      await submitAnalysis(room.api, aSubmission(here, { idempotency: keyClaim() })),
      await submitAnalysis(room.api, aSubmission(there, { idempotency: keyClaim() })),
      await submitAnalysis(room.api, aSubmission(here, { idempotency: keyClaim({ route: "POST /api/audit" }) })),
    ];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "accepted"]);
  });

  test("is in progress while its first request waits for the result, and replays the settled status afterwards", async () => {
    const locationId = await seedLocation(room.worker);
    const waiting = keyClaim({ inProgressMs: 30_000 });
    const first = aSubmission(locationId, { idempotency: waiting });
    await submitAnalysis(room.api, first);
    const repeat = () => submitAnalysis(room.api, aSubmission(locationId, { idempotency: waiting }));
    expect(await repeat()).toEqual({ outcome: "inProgress" });
    await settleIdempotency(room.api, { locationId, ...waiting, analysisId: first.id, statusCode: 200 });
    expect(await repeat()).toMatchObject({ outcome: "replayed", statusCode: 200, analysis: { id: first.id } });
  });

  test("whose first request died unanswered replays 202 once its time is over", async () => {
    const locationId = await seedLocation(room.worker);
    const waiting = keyClaim({ inProgressMs: 30_000 });
    await submitAnalysis(room.api, aSubmission(locationId, { idempotency: waiting }));
    await age(locationId, { in_progress_until: new Date(0) });
    expect(await submitAnalysis(room.api, aSubmission(locationId, { idempotency: waiting }))).toMatchObject({
      outcome: "replayed",
      statusCode: 202,
    });
  });

  test("is free again after a day", async () => {
    const locationId = await seedLocation(room.worker);
    await submitAnalysis(room.api, aSubmission(locationId, { idempotency: keyClaim() }));
    await age(locationId, { expires_at: new Date(0) });
    expect(await submitAnalysis(room.api, aSubmission(locationId, { idempotency: keyClaim() }))).toMatchObject({
      outcome: "accepted",
    });
  });

  test("sent twenty times at once gives one analysis", async () => {
    const locationId = await seedLocation(room.worker);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => submitAnalysis(room.api, aSubmission(locationId, { idempotency: keyClaim() }))),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "accepted")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "replayed")).toHaveLength(19);
    expect(new Set(outcomes.map((outcome) => "analysis" in outcome && outcome.analysis.id)).size).toBe(1);
    expect(await auditEntries(room.api, { locationId, limit: 100 })).toHaveLength(1);
  });
});

describe("a definition analysed before", () => {
  const cacheKey = fingerprint("definition, engine, settings, facts and day");

  async function analysed(locationId: string) {
    const original = aSubmission(locationId, { cacheKey });
    await submitAnalysis(room.api, original);
    const analysis = await claim(room, original.id);
    await completeAnalysis(room.worker, { ...completion, ...analysis });
  }

  test("completes at once from the stored result, with no attempt and no start", async () => {
    const locationId = await seedLocation(room.worker);
    await analysed(locationId);
    const repeat = aSubmission(locationId, { cacheKey });
    const outcome = await submitAnalysis(room.api, repeat);
    expect(outcome).toMatchObject({ outcome: "cached", analysis: { id: repeat.id, status: "completed" } });
    expect(await submitAnalysis(room.api, repeat)).toEqual(outcome);
    expect(await getAnalysis(room.api, { locationId, id: repeat.id, report: true })).toMatchObject({
      status: "completed",
      cached: true,
      attempts: 0,
      startedAt: null,
      finishedAt: expect.any(Date),
      score: 94,
      grade: "Excellent",
      summary: completion.summary,
      reportJson: completion.reportJson.toString(),
    });
  });

  test("by another location is analysed anew", async () => {
    await analysed(await seedLocation(room.worker));
    const elsewhere = aSubmission(await seedLocation(room.worker), { cacheKey });
    expect(await submitAnalysis(room.api, elsewhere)).toMatchObject({ outcome: "accepted" });
  });

  test("but not to its end is analysed anew", async () => {
    const locationId = await seedLocation(room.worker);
    await submitAnalysis(room.api, aSubmission(locationId, { cacheKey }));
    expect(await submitAnalysis(room.api, aSubmission(locationId, { cacheKey }))).toMatchObject({
      outcome: "accepted",
    });
  });
});
