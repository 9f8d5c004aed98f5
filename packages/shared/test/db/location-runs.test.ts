import { createHash } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { describe, expect, test } from "vitest";
import {
  type ClaimedRun,
  claimLocationRun,
  completeLocationRun,
  deadLetters,
  deleteLocationRun,
  failRow,
  findLimbo,
  getLocationRun,
  historyPage,
  type LocationRunSubmission,
  newestDefinitions,
  noteProgress,
  type RunAnalysis,
  readRunPart,
  regenerate,
  replayDeadLetter,
  rowKinds,
  runDefinitions,
  saveDefinitions,
  submitLocationRun,
  takeWaiting,
} from "../../src/db/index.ts";
import { aRun, aSubmission, seedLocation } from "../support/index.ts";
import { stage } from "./stage.ts";

const room = stage();
const kind = "audit";
const trail = { actor: "key:test", requestId: "r" };

async function accepted(changes: Partial<LocationRunSubmission> = {}): Promise<LocationRunSubmission> {
  const run = aRun(changes.locationId ?? (await seedLocation(room.worker)), changes);
  expect((await submitLocationRun(room.api, run)).outcome).toBe("accepted");
  return run;
}
async function claimed(id: string, generation = 1): Promise<ClaimedRun> {
  const claim = await claimLocationRun(room.worker, { id, generation, leaseMs: 30_000, maxAttempts: 3 });
  if (claim.outcome !== "claimed") throw new Error(claim.outcome);
  return claim.run;
}
const read = ({ locationId, id }: { readonly locationId: string; readonly id: string }) =>
  getLocationRun(room.api, { locationId, kind, id });
const result = (analyses: readonly RunAnalysis[] = []) => ({
  engineVersion: "0.1.0",
  durationMs: 12.4,
  parts: [{ part: "overview", ciphertext: Buffer.from("overview"), keyId: "test" }],
  analyses,
});
const analysisAt = (position: number): RunAnalysis => ({
  id: uuidv7(),
  position,
  workflowId: `wf-${position}`,
  workflowName: `Workflow ${position}`,
  reportJson: `{"position":${position}}`,
  layout: position === 0 ? null : { ciphertext: Buffer.from("drawing"), keyId: "test" },
  score: 90,
  grade: "Excellent",
  summary: { low: position },
});

describe("a run over a location", () => {
  test("waits for the dispatcher, is claimed with its workflows in order, and shows its progress", async () => {
    const workflows = [0, 1, 2].map(() => aSubmission("any").snapshot);
    const run = await accepted({ workflows });
    expect(await read(run)).toMatchObject({ status: "queued", total: 3, done: 0, attempts: 0, startedAt: null });
    const waiting = await takeWaiting(room.worker, rowKinds.locationRun, { limit: 100 });
    expect(waiting.map(({ id, generation }) => [id, generation])).toContainEqual([run.id, 1]);
    const claim = await claimed(run.id);
    expect(claim).toMatchObject({ kind, locationId: run.locationId, attempt: 1 });
    expect(
      (await runDefinitions(room.worker, run.id)).map(({ position, snapshot }) => [position, snapshot.sha256]),
    ).toEqual(workflows.map(({ sha256 }, position) => [position, sha256]));
    await noteProgress(room.worker, { ...claim, done: 2 });
    await noteProgress(room.worker, { ...claim, done: 1 });
    expect(await read(run)).toMatchObject({ status: "running", done: 2, attempts: 1 });
  });

  test("ends with its result and the analyses in the history, all at once", async () => {
    const run = await accepted({ workflows: [0, 1, 2].map(() => aSubmission("any").snapshot) });
    const claim = await claimed(run.id);
    const analyses = [analysisAt(0), analysisAt(2)];
    expect(await completeLocationRun(room.worker, { ...claim, ...result(analyses) })).toBe("done");
    expect(await read(run)).toMatchObject({ status: "completed", done: 3, durationMs: 12 });
    const part = await readRunPart(room.api, { ...run, part: "overview" });
    expect(part?.ciphertext.toString()).toBe("overview");
    expect(await readRunPart(room.api, { ...run, part: "other" })).toBeNull();
    const { locationId } = run;
    const { items } = await historyPage(room.api, { locationId, limit: 10, cursor: null, filters: {} });
    expect(items.map(({ id, workflowId, score, status }) => [id, workflowId, score, status]).sort()).toEqual(
      analyses.map(({ id, workflowId, score }) => [id, workflowId, score, "completed"]).sort(),
    );
  });

  test("a worker whose lease ran out changes nothing and leaves no analysis", async () => {
    const run = await accepted();
    const late = await claimed(run.id);
    await room.worker.kysely
      .updateTable("location_runs")
      .set({ lease_until: new Date(0) })
      .where("id", "=", run.id)
      .execute();
    const [limbo] = (await findLimbo(room.worker, rowKinds.locationRun, { dispatchedBeforeMs: 0, limit: 100 })).filter(
      ({ id }) => id === run.id,
    );
    if (limbo === undefined) throw new Error("the run is not in limbo");
    await regenerate(room.worker, rowKinds.locationRun, { rows: [limbo], maxAttempts: 3 });
    const second = await claimed(run.id, 2);
    expect(await completeLocationRun(room.worker, { ...late, ...result([analysisAt(0)]) })).toBe("lost");
    expect(await completeLocationRun(room.worker, { ...second, ...result([analysisAt(0)]) })).toBe("done");
    const { locationId } = run;
    const { items } = await historyPage(room.api, { locationId, limit: 10, cursor: null, filters: {} });
    expect(items).toHaveLength(1);
  });

  test("canceled while it runs, it takes no result; finished, it is removed and its analyses stay", async () => {
    const [open, done] = [await accepted(), await accepted()];
    const claim = await claimed(open.id);
    expect(await deleteLocationRun(room.api, { ...open, kind, ...trail })).toBe("canceled");
    expect(await completeLocationRun(room.worker, { ...claim, ...result() })).toBe("lost");
    expect((await read(open))?.status).toBe("canceled");
    expect(await deleteLocationRun(room.api, { ...open, kind, ...trail })).toBe("notFound");
    await completeLocationRun(room.worker, { ...(await claimed(done.id)), ...result([analysisAt(0)]) });
    expect(await deleteLocationRun(room.api, { ...done, kind: "simulation", ...trail })).toBe("notFound");
    expect(await deleteLocationRun(room.api, { ...done, kind, ...trail })).toBe("removed");
    expect(await read(done)).toBeNull();
    const { locationId } = done;
    expect((await historyPage(room.api, { locationId, limit: 9, cursor: null, filters: {} })).items).toHaveLength(1);
  });

  test("as a dead letter it is listed and replayed from the beginning", async () => {
    const run = await accepted();
    const error = { code: "ANALYSIS_CRASHED", message: "x", retryable: true };
    await failRow(room.worker, rowKinds.locationRun, { ...(await claimed(run.id)), error, dead: true });
    const letters = await deadLetters(room.api, { limit: 100 });
    expect(letters).toContainEqual(expect.objectContaining({ job: "locationRun", id: run.id, what: run.locationId }));
    expect(await replayDeadLetter(room.api, { job: "locationRun", id: run.id }, trail)).toBe(true);
    expect(await read(run)).toMatchObject({ status: "queued", attempts: 0, generation: 2, error: null });
  });

  test("finished, nothing in the database can change it", async () => {
    const run = await accepted();
    await completeLocationRun(room.worker, { ...(await claimed(run.id)), ...result() });
    const again = room.worker.kysely.updateTable("location_runs").set({ status: "queued" }).where("id", "=", run.id);
    await expect(again.execute()).rejects.toThrow("is completed and cannot become queued");
  });
});

describe("submitting a run", () => {
  const fingerprint = createHash("sha256").update("body").digest();
  const claim = { key: "order-1", route: "POST /api/audit", fingerprint, inProgressMs: 0 };

  test("again under its id is the same run; under its key it is replayed, and other bytes are refused", async () => {
    const run = await accepted({ idempotency: claim });
    expect((await submitLocationRun(room.api, run)).outcome).toBe("accepted");
    const { locationId } = run;
    const repeat = await submitLocationRun(room.api, aRun(locationId, { idempotency: claim }));
    expect(repeat).toMatchObject({ outcome: "replayed", run: { id: run.id }, statusCode: 202 });
    const other = { ...claim, fingerprint: createHash("sha256").update("other").digest() };
    expect((await submitLocationRun(room.api, aRun(locationId, { idempotency: other }))).outcome).toBe("keyReused");
    const rows = room.worker.kysely.selectFrom("location_runs").select("id").where("location_id", "=", locationId);
    expect(await rows.execute()).toHaveLength(1);
  });

  test("twenty at once under one key are one run", async () => {
    const locationId = await seedLocation(room.worker);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => submitLocationRun(room.api, aRun(locationId, { idempotency: claim }))),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "accepted")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "replayed")).toHaveLength(19);
  });

  test("while the first request of a key waits for its result, a repeat is in progress", async () => {
    const { locationId } = await accepted({ idempotency: { ...claim, inProgressMs: 30_000 } });
    expect((await submitLocationRun(room.api, aRun(locationId, { idempotency: claim }))).outcome).toBe("inProgress");
  });

  test("of stored definitions takes the newest of each workflow", async () => {
    const locationId = await seedLocation(room.worker);
    const definition = (workflowId: string) => {
      return { workflowId, name: workflowId, status: "published", snapshot: aSubmission(locationId).snapshot };
    };
    const [old, newer, other] = [definition("a"), definition("a"), definition("b")];
    for (const one of [old, other, newer]) {
      await saveDefinitions(room.api, { locationId, source: "upload", definitions: [one], ...trail });
    }
    const found = await newestDefinitions(room.api, { locationId, limit: 10 });
    expect(found.map(({ workflowId, sha256 }) => [workflowId, sha256])).toEqual([
      ["a", newer.snapshot.sha256],
      ["b", other.snapshot.sha256],
    ]);
    expect(await newestDefinitions(room.api, { locationId, limit: 1 })).toHaveLength(1);
  });
});
