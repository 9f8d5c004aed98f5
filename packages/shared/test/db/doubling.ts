import { sql } from "kysely";
import type { Backfill } from "../../src/db/index.ts";

/** Doubles the values of a table of the test's own, and counts how often it looked at each. */
export const doubling: Backfill = {
  name: "0000-doubling",
  async batch(transaction, { after, limit }) {
    const { rows } = await sql<{ id: number }>`
      with batch as materialized (select id from numbers where id > ${Number(after ?? 0)} order by id limit ${limit})
      update numbers set looked_at = looked_at + 1, doubled = value * 2
        where id in (select id from batch) returning id`.execute(transaction);
    const last = Math.max(...rows.map(({ id }) => id));
    return { position: rows.length === 0 ? null : String(last), lookedAt: rows.length, changed: rows.length };
  },
};
