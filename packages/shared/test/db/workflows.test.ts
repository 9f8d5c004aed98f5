import { beforeEach, describe, expect, test } from "vitest";
import { hashToken } from "../../src/crypto/index.ts";
import {
  auditEntries,
  completeAnalysis,
  deleteAnalysis,
  getAnalysis,
  knowsWorkflow,
  newestDefinition,
  saveDefinitions,
  submitAnalysis,
  syncWorkflows,
  workflowsPage,
} from "../../src/db/index.ts";
import { aSubmission, seedLocation } from "../support/index.ts";
import { claim, completion, stage } from "./stage.ts";

const room = stage();
const trail = { actor: "test", requestId: "r" };
let locationId = "";
beforeEach(async () => {
  locationId = await seedLocation(room.worker);
});

const at = new Date("2026-01-12T08:00:00.000Z");
const listed = (id: string, name: string, status = "published") => ({
  id,
  name,
  status,
  version: 1,
  createdAt: at,
  updatedAt: at,
});
const sync = (...workflows: ReturnType<typeof listed>[]) => syncWorkflows(room.api, { locationId, workflows });
const page = async (limit = 100, cursor: { name: string; id: string } | null = null) =>
  workflowsPage(room.api, { locationId, limit, cursor });
const names = async () => (await page()).items.map(({ name }) => name);
const definition = (workflowId: string, text: string, name = "From a definition") => ({
  workflowId,
  name,
  status: "draft",
  snapshot: { sha256: hashToken(text), ciphertext: Buffer.from(text), keyId: "test", size: text.length },
});
const save = (...definitions: ReturnType<typeof definition>[]) =>
  saveDefinitions(room.api, { locationId, source: "upload", definitions, ...trail });

describe("the known workflows", () => {
  test("follow HighLevel's list: new ones come, changed ones change, gone ones go", async () => {
    await sync(listed("a", "Alpha"), listed("b", "Beta"));
    await sync(listed("b", "Beta renamed", "draft"), listed("c", "Gamma"), listed("c", "twice in the list"));
    expect(await names()).toEqual(["Beta renamed", expect.stringMatching(/^Gamma|^twice/)]);
    expect((await page()).items[0]).toEqual({
      id: "b",
      name: "Beta renamed",
      status: "draft",
      version: 1,
      createdAt: at,
      updatedAt: at,
      definitionAt: null,
      definitionStale: false,
      lastAnalysis: null,
    });
    await sync();
    expect(await names()).toEqual([]);
  });

  test("keep one that is gone from HighLevel while there is a definition of it", async () => {
    await sync(listed("a", "Alpha"), listed("b", "Beta"));
    await save(definition("a", "first"));
    await sync();
    expect(await names()).toEqual(["Alpha"]);
    expect(await knowsWorkflow(room.api, { locationId, workflowId: "a" })).toBe(true);
    expect(await knowsWorkflow(room.api, { locationId, workflowId: "b" })).toBe(false);
  });

  test("come in pages by name, whatever the names are", async () => {
    const all = ["Ähre", "a", "B", "B", "𝒳", "", "'; drop", "\0nul"].map((name, index) => listed(`w${index}`, name));
    await sync(...all);
    const seen: string[] = [];
    for (let cursor: { name: string; id: string } | null = null, pages = 0; pages < 10; pages += 1) {
      const { items, next } = await page(3, cursor);
      seen.push(...items.map(({ id }) => id));
      if (next === null) break;
      cursor = next;
    }
    expect(seen).toHaveLength(all.length);
    expect(new Set(seen).size).toBe(all.length);
  });

  test("show the last completed analysis of each", async () => {
    await sync(listed("a", "Alpha"));
    const first = aSubmission(locationId, { workflow: { id: "a", name: "Alpha" } });
    await submitAnalysis(room.api, first);
    await completeAnalysis(room.worker, { ...completion, ...(await claim(room, first.id)) });
    await submitAnalysis(room.api, aSubmission(locationId, { workflow: { id: "a", name: "Alpha" } }));
    expect((await page()).items[0]?.lastAnalysis).toEqual({
      id: first.id,
      score: completion.score,
      grade: completion.grade,
      at: expect.any(Date),
    });
  });
});

describe("a definition", () => {
  test("is kept as a version, and the same bytes make no new one", async () => {
    expect(await save(definition("a", "first"))).toMatchObject([{ version: 1, unchanged: false, source: "upload" }]);
    expect(await save(definition("a", "first"))).toMatchObject([{ version: 1, unchanged: true }]);
    expect(await save(definition("a", "second"))).toMatchObject([{ version: 2, unchanged: false }]);
    expect(await save(definition("a", "first"))).toMatchObject([{ version: 3, unchanged: false }]);
    const newest = await newestDefinition(room.api, { locationId, workflowId: "a" });
    expect(newest).toMatchObject({ version: 3, snapshot: definition("a", "first").snapshot });
    const entries = await auditEntries(room.api, { locationId, limit: 10 });
    expect(entries.filter(({ action }) => action === "definition.saved")).toHaveLength(3);
  });

  test("names a workflow that HighLevel has not listed, and leaves the name of one that it has", async () => {
    await sync(listed("a", "Alpha"));
    await save(definition("a", "x", "Alpha as exported"), definition("b", "y", "Beta as exported"));
    expect(await names()).toEqual(["Alpha", "Beta as exported"]);
  });

  test("of many at once gets versions without a gap, and imports in opposite order do not block each other", async () => {
    const both = (n: number) => {
      const pair = [definition("a", `a${n}`), definition("b", `b${n}`)];
      return n % 2 === 0 ? pair : pair.toReversed();
    };
    await Promise.all(Array.from({ length: 12 }, (_, n) => save(...both(n))));
    expect((await newestDefinition(room.api, { locationId, workflowId: "a" }))?.version).toBe(12);
    expect((await newestDefinition(room.api, { locationId, workflowId: "b" }))?.version).toBe(12);
  });

  test("beyond the fiftieth version replaces the oldest", async () => {
    for (let n = 1; n <= 52; n += 1) await save(definition("a", `version ${n}`));
    const kept = await room.worker.kysely
      .selectFrom("workflow_definitions")
      .select("version")
      .where("location_id", "=", locationId)
      .orderBy("version")
      .execute();
    expect([kept.length, kept[0]?.version]).toEqual([50, 3]);
  });
});

describe("the age of the analysed definition", () => {
  const definitionAt = new Date("2026-01-10T10:00:00.000Z");
  const idempotency = { key: "k", route: "POST /api/analyze", fingerprint: hashToken("bytes"), inProgressMs: 0 };

  test("is told with the analysis and with every repeat, also once the analysis is removed", async () => {
    const submission = aSubmission(locationId, { definitionAt, idempotency });
    expect(await submitAnalysis(room.api, submission)).toMatchObject({ analysis: { definitionAt } });
    const wanted = { locationId, id: submission.id };
    expect(await getAnalysis(room.api, { ...wanted, report: false })).toMatchObject({ definitionAt });
    const repeat = () => submitAnalysis(room.api, aSubmission(locationId, { definitionAt: new Date(), idempotency }));
    expect(await repeat()).toMatchObject({ outcome: "replayed", analysis: { id: submission.id, definitionAt } });
    await completeAnalysis(room.worker, { ...completion, ...(await claim(room, submission.id)) });
    await deleteAnalysis(room.api, { ...wanted, ...trail });
    expect(await repeat()).toMatchObject({ outcome: "replayed", analysis: { definitionAt } });
  });

  test("is told when the result was there already, and is null for a definition that came along", async () => {
    const cacheKey = hashToken(crypto.randomUUID());
    const first = aSubmission(locationId, { cacheKey });
    expect(await submitAnalysis(room.api, first)).toMatchObject({ analysis: { definitionAt: null } });
    await completeAnalysis(room.worker, { ...completion, ...(await claim(room, first.id)) });
    const second = aSubmission(locationId, { cacheKey, definitionAt, snapshot: first.snapshot });
    expect(await submitAnalysis(room.api, second)).toMatchObject({ outcome: "cached", analysis: { definitionAt } });
    expect(await getAnalysis(room.api, { locationId, id: second.id, report: false })).toMatchObject({ definitionAt });
  });
});
