import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import {
  installContext,
  layoutContext,
  optionsContext,
  parseKeyRing,
  runContext,
  settingsContext,
  sha256,
  snapshotContext,
} from "../../src/crypto/index.ts";
import {
  claimLocationRun,
  claimRefresh,
  commitRefresh,
  completeAnalysis,
  completeLocationRun,
  readInstall,
  readLayout,
  readRunPart,
  readSettings,
  resealAll,
  saveInstall,
  saveSettings,
  submitAnalysis,
  submitLocationRun,
} from "../../src/db/index.ts";
import { aRun, aSubmission, seedLocation } from "../support/index.ts";
import { claim, completion, stage } from "./stage.ts";

const room = stage();
const entry = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;
const [older, newer] = [entry("2025"), entry("2026")];
const oldRing = parseKeyRing(older);
const bothRings = parseKeyRing(`${newer},${older}`);
const newRing = parseKeyRing(newer);

let locationId = "";
beforeEach(async () => {
  locationId = await seedLocation(room.worker);
});

async function aSnapshot() {
  const bytes = Buffer.from(randomUUID());
  const digest = sha256(bytes);
  const sealed = oldRing.seal(bytes, snapshotContext(locationId, digest));
  const snapshot = { sha256: digest, ...sealed, size: bytes.length };
  await submitAnalysis(room.api, aSubmission(locationId, { snapshot }));
  return { bytes, digest };
}
const anInstall = (id = locationId) =>
  saveInstall(room.api, {
    kind: "location",
    id,
    companyId: null,
    throughCompany: false,
    userId: null,
    scopes: [],
    expiresInSeconds: 100,
    tokens: oldRing.seal(Buffer.from(`tokens of ${id}`), installContext({ kind: "location", id })),
  });
/** A result with its drawing, and a copy that was served from it; gives their ids. */
async function twoDrawings(): Promise<readonly string[]> {
  const cacheKey = sha256(randomUUID());
  const [first, copy] = [aSubmission(locationId, { cacheKey }), aSubmission(locationId, { cacheKey })];
  await submitAnalysis(room.api, first);
  const layout = oldRing.seal(Buffer.from("a drawing"), layoutContext(locationId));
  await completeAnalysis(room.worker, { ...completion, ...(await claim(room, first.id)), layout });
  await submitAnalysis(room.api, copy);
  return [first.id, copy.id];
}
/** A settings document, and an analysis with the options that came from it. */
async function settledAnalysis(): Promise<string> {
  const rules = oldRing.seal(Buffer.from("rules"), settingsContext(locationId, "rules"));
  const trail = { actor: "key:test", requestId: null };
  await saveSettings(room.api, { locationId, name: "rules", sealed: rules, expectedVersion: 0, ...trail });
  const digest = sha256("options");
  const sealedOptions = {
    sha256: digest,
    ...oldRing.seal(Buffer.from("options"), optionsContext(locationId, digest)),
  };
  const submission = aSubmission(locationId, { sealedOptions });
  await submitAnalysis(room.api, submission);
  return submission.id;
}
/** A finished run with a part of its result. */
async function finishedRun(): Promise<string> {
  const run = aRun(locationId);
  const seal = (part: string) => oldRing.seal(Buffer.from(part), runContext(run.id, part));
  await submitLocationRun(room.api, { ...run, request: seal("request") });
  const claimed = await claimLocationRun(room.worker, { id: run.id, generation: 1, leaseMs: 9_000, maxAttempts: 3 });
  if (claimed.outcome !== "claimed") throw new Error(claimed.outcome);
  const parts = [{ part: "overview", ...seal("overview") }];
  const result = { engineVersion: "0.1.0", durationMs: 1, parts, analyses: [] };
  await completeLocationRun(room.worker, { ...claimed.run, ...result });
  return run.id;
}
const outcomeOf = async (table: string) => {
  const outcome = (await resealAll(room.worker, bothRings)).find((one) => one.table === table);
  return { resealed: outcome?.resealed, unreadable: outcome?.unreadable };
};

test("everything is sealed anew, opens with the newest key alone, and a second run finds nothing to do", async () => {
  const snapshots = [];
  for (let count = 0; count < 25; count += 1) snapshots.push(await aSnapshot());
  await anInstall();
  const drawings = await twoDrawings();
  const settled = await settledAnalysis();
  const run = await finishedRun();
  expect(await resealAll(room.worker, bothRings)).toEqual([
    { table: "workflow_snapshots", resealed: 25, unreadable: expect.any(Number) },
    { table: "location_runs", resealed: 1, unreadable: 0 },
    { table: "location_run_results", resealed: 1, unreadable: 0 },
    { table: "option_snapshots", resealed: 1, unreadable: 0 },
    { table: "location_settings", resealed: 1, unreadable: 0 },
    { table: "ghl_installs", resealed: 1, unreadable: 0 },
    { table: "analysis_results", resealed: 2, unreadable: 0 },
    { table: "webhook_events", resealed: 0, unreadable: 0 },
  ]);
  for (const { bytes, digest } of snapshots) {
    const row = await room.worker.kysely
      .selectFrom("workflow_snapshots")
      .select(["ciphertext", "encryption_key_id as keyId"])
      .where("sha256", "=", digest)
      .executeTakeFirstOrThrow();
    expect(newRing.open(row, snapshotContext(locationId, digest)).equals(bytes)).toBe(true);
  }
  for (const id of drawings) {
    const row = await readLayout(room.api, { locationId, id });
    expect(row === null ? null : newRing.open(row, layoutContext(locationId)).toString()).toBe("a drawing");
  }
  const [document] = await readSettings(room.api, { locationId, names: ["rules"] });
  if (document === undefined) throw new Error("the settings are gone");
  expect(newRing.open(document.sealed, settingsContext(locationId, "rules")).toString()).toBe("rules");
  const { sealedOptions } = await claim(room, settled);
  if (sealedOptions === null) throw new Error("the options are gone");
  expect(newRing.open(sealedOptions, optionsContext(locationId, sealedOptions.sha256)).toString()).toBe("options");
  const part = await readRunPart(room.api, { locationId, id: run, part: "overview" });
  if (part === null) throw new Error("the result of the run is gone");
  expect(newRing.open(part, runContext(run, "overview")).toString()).toBe("overview");
  const again = (await resealAll(room.worker, bothRings)).map(({ resealed }) => resealed);
  expect(again).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});

test("a row that cannot be opened is counted and left alone, and the others go on", async () => {
  await anInstall();
  await anInstall(await seedLocation(room.worker));
  await room.worker.kysely
    .updateTable("ghl_installs")
    .set({ ciphertext: Buffer.alloc(40) })
    .where("id", "=", locationId)
    .execute();
  expect(await outcomeOf("ghl_installs")).toEqual({ resealed: 1, unreadable: 1 });
  await room.worker.kysely.deleteFrom("ghl_installs").where("id", "=", locationId).execute();
});

test("tokens that are refreshed meanwhile are never replaced by older ones", async () => {
  const ref = { kind: "location", id: locationId } as const;
  await anInstall();
  const refresh = async (version: number) => {
    const lease = await claimRefresh(room.api, { ...ref, version, leaseMs: 30_000 });
    if (lease === null) throw new Error(`version ${version} could not be claimed`);
    // As a process does that has not heard of the new key yet.
    const tokens = oldRing.seal(Buffer.from(`version ${version + 1}`), installContext(ref));
    await commitRefresh(room.api, lease, { tokens, scopes: [], expiresInSeconds: 100 });
  };
  const progress = { ended: false };
  const refreshing = (async () => {
    for (let version = 1; version <= 10; version += 1) await refresh(version);
  })().finally(() => {
    progress.ended = true;
  });
  while (!progress.ended) await resealAll(room.worker, bothRings);
  await refreshing;
  await resealAll(room.worker, bothRings);
  const install = await readInstall(room.api, ref);
  if (install === null) throw new Error("the install is gone");
  expect(install.version).toBe(11);
  expect(newRing.open(install.tokens, installContext(ref)).toString()).toBe("version 11");
}, 20_000);
