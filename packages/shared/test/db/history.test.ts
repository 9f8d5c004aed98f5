import { sql } from "kysely";
import { beforeAll, describe, expect, test } from "vitest";
import {
  completeAnalysis,
  decodeHistoryCursor,
  deleteAnalysis,
  type HistoryFilters,
  historyPage,
  submitAnalysis,
} from "../../src/db/index.ts";
import { aSubmission, openExplained, seedLocation } from "../support/index.ts";
import { claim, completion, stage } from "./stage.ts";

const room = stage();
let locationId = "";
/** Ids, newest first. */
const ids: string[] = [];

beforeAll(async () => {
  locationId = await seedLocation(room.worker);
  for (let made = 0; made < 12; made += 1) {
    const submission = aSubmission(locationId, {
      workflow: { id: made % 2 === 0 ? "even" : "odd", name: `Number ${made}` },
    });
    await submitAnalysis(room.api, submission);
    ids.unshift(submission.id);
    if (made % 3 === 0)
      await completeAnalysis(room.worker, {
        ...completion,
        ...(await claim(room, submission.id)),
        grade: made === 0 ? "Good" : "Critical",
      });
    if (made === 7) await deleteAnalysis(room.api, { ...submission, actor: "key:test" });
  }
  // Open rows get times of their own, down to the microsecond, two of them the same.
  await sql`
    update analyses set created_at = '2026-05-05 10:00:00.123456+00'::timestamptz + (ordinal / 2) * interval '1 minute'
    from unnest(${ids.toReversed().slice(0, 10)}::uuid[]) with ordinality as numbered (id, ordinal)
    where analyses.id = numbered.id and status not in ('completed', 'canceled')`.execute(room.worker.kysely);
});

async function pages(limit: number, filters: HistoryFilters = {}): Promise<string[][]> {
  const all: string[][] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const decoded = cursor === "" ? null : decodeHistoryCursor(cursor);
    if (cursor !== "") expect(decoded).not.toBeNull();
    const page = await historyPage(room.api, { locationId, limit, cursor: decoded, filters });
    all.push(page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return all;
}

describe("the history", () => {
  test.each([1, 2, 5, 12, 100])("in pages of %i gives every analysis once, newest first", async (limit) => {
    const inOrder = await room.worker.kysely
      .selectFrom("analyses")
      .select("id")
      .where("location_id", "=", locationId)
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .execute();
    const all = await pages(limit);
    expect(all.flat()).toEqual(inOrder.map(({ id }) => id));
    expect(all.every((page) => page.length <= limit)).toBe(true);
  });

  test("tells name, status, score, grade and summary of each", async () => {
    const { items } = await historyPage(room.api, { locationId, limit: 100, cursor: null, filters: { grade: "Good" } });
    expect(items).toMatchObject([
      {
        workflowId: "even",
        workflowName: "Number 0",
        status: "completed",
        score: 94,
        grade: "Good",
        summary: completion.summary,
        finishedAt: expect.any(Date),
      },
    ]);
  });

  test.each<[HistoryFilters, number]>([
    [{ workflowId: "even" }, 6],
    [{ status: "completed" }, 4],
    [{ status: "canceled" }, 1],
    [{ status: "queued" }, 7],
    [{ grade: "Critical" }, 3],
    [{ workflowId: "odd", status: "completed" }, 2],
    [{ workflowId: "none\0" }, 0],
    [{ from: new Date("2030-01-01") }, 0],
    [{ from: new Date("2026-01-01"), to: new Date("2030-01-01") }, 12],
  ])("filtered by %j has %i entries", async (filters, count) => {
    expect((await pages(3, filters)).flat()).toHaveLength(count);
  });

  test.each<HistoryFilters>([
    {},
    { workflowId: "even" },
    { status: "completed" },
    { status: "failed" },
    { grade: "Critical" },
    { from: new Date("2026-01-01"), to: new Date("2030-01-01") },
  ])(
    "filtered by %j reads a page off an index from where the last one ended, and what was before each off another",
    async (filters) => {
      const explained = await openExplained(room.test, "wd_api");
      const cursor = { createdAt: Date.now() * 1_000, id: ids[0] ?? "" };
      const plans = await explained.plansOf(() => historyPage(explained, { locationId, limit: 20, cursor, filters }));
      await explained.close();
      expect(plans).toHaveLength(1);
      expect(plans[0]).toMatch(/Index Scan using analyses_(history|of_workflow|by_status|by_grade) on analyses/);
      expect(plans[0]).toContain("ROW(created_at, id) < ROW(");
      expect(plans[0]).toContain("using analyses_completed on analyses b");
      expect(plans[0]).not.toMatch(/Sort|Bitmap|Seq Scan/);
    },
  );
});
