import { type RawBuilder, sql } from "kysely";
import type { Backfill } from "./backfills.ts";
import type { Database, DatabaseTransaction } from "./database.ts";
import type { SnapshotKind } from "./tables.ts";

/**
 * Sealed snapshots that nothing refers to any more. A trigger notes each that loses a referrer in `released_snapshots`; when it
 * has stood there for a while it is removed, unless something refers to it again.
 */

interface Snapshots {
  readonly table: "workflow_snapshots" | "option_snapshots";
  /** Every foreign key to the table: who refers, and by which column beside the location. */
  readonly referrers: readonly (readonly [table: string, column: string])[];
}

export const snapshotKinds: Readonly<Record<SnapshotKind, Snapshots>> = {
  definition: {
    table: "workflow_snapshots",
    referrers: [
      ["analyses", "snapshot_sha256"],
      ["workflow_definitions", "snapshot_sha256"],
      ["location_run_workflows", "snapshot_sha256"],
    ],
  },
  options: { table: "option_snapshots", referrers: [["analyses", "options_sha256"]] },
};

/** That nothing refers to the row `s` of the snapshots. Each look is one step into an index. */
function unreferenced({ referrers }: Snapshots): RawBuilder<boolean> {
  const looks = referrers.map(
    ([table, column]) =>
      sql`not exists (select from ${sql.table(table)} r where r.location_id = s.location_id and r.${sql.ref(column)} = s.sha256)`,
  );
  return sql`(${sql.join(looks, sql` and `)})`;
}

interface Mark {
  readonly location_id: string;
  readonly sha256: Buffer;
}

const pairs = (marks: readonly Mark[]) =>
  sql`(select * from unnest(${marks.map((mark) => mark.location_id)}::text[], ${marks.map((mark) => mark.sha256)}::bytea[]))`;

/** A snapshot may have ten megabytes: more are not removed in one transaction. */
const AT_ONCE = 100;

/**
 * One batch of the retention: of the snapshots that were released longer ago than `releasedForMs`, at most `limit` of each
 * kind are removed, or forgotten where something refers to them again. Gives back how many of both there were. Safe against
 * whoever is just about to refer to one: either finds it gone and stores it anew (a transient error, see `isTransient`), or
 * has it kept. For the worker's role; any number may run at once.
 */
export async function pruneReleasedSnapshots(
  database: Database,
  { releasedForMs, limit }: { readonly releasedForMs: number; readonly limit: number },
): Promise<number> {
  let settled = 0;
  for (const kind of ["definition", "options"] as const) {
    for (let left = limit; left > 0; ) {
      const pruning = { releasedForMs, limit: Math.min(AT_ONCE, left) };
      const batch = await database.kysely.transaction().execute((transaction) => pruneKind(transaction, kind, pruning));
      settled += batch;
      left = batch < pruning.limit ? 0 : left - batch;
    }
  }
  return settled;
}

async function pruneKind(
  transaction: DatabaseTransaction,
  kind: SnapshotKind,
  { releasedForMs, limit }: { readonly releasedForMs: number; readonly limit: number },
): Promise<number> {
  const snapshots = snapshotKinds[kind];
  const table = sql.table(snapshots.table);
  const { rows: marks } = await sql<Mark>`
    select location_id, sha256 from released_snapshots
    where kind = ${kind} and released_at < now() - make_interval(secs => ${releasedForMs / 1000}::float8)
    order by released_at limit ${limit} for update skip locked`.execute(transaction);
  if (marks.length === 0) return 0;
  // First the lock, which a new referrer's foreign key must have a share of, then a statement of its own that looks for
  // referrers: it sees those that were committed before the lock, and there are none after. Who holds a share just now is skipped.
  const { rows: locked } = await sql<Mark>`
    select s.location_id, s.sha256 from ${table} s where (s.location_id, s.sha256) in ${pairs(marks)}
    order by 1, 2 for update skip locked`.execute(transaction);
  if (locked.length > 0) {
    await sql`delete from ${table} s where (s.location_id, s.sha256) in ${pairs(locked)} and ${unreferenced(snapshots)}`.execute(
      transaction,
    );
  }
  const { numAffectedRows = 0n } = await sql`
    delete from released_snapshots m
    where m.kind = ${kind} and (m.location_id, m.sha256) in ${pairs(marks)}
      and not exists (select from ${table} s
        where s.location_id = m.location_id and s.sha256 = m.sha256 and ${unreferenced(snapshots)})`.execute(
    transaction,
  );
  return Number(numAffectedRows);
}

/** Notes snapshots whose last referrer was gone before there was a trigger to note it. */
export const releasedSnapshotBackfills: readonly Backfill[] = (["definition", "options"] as const).map((kind) => ({
  name: `0096-released-${kind}-snapshots`,
  async batch(transaction, { after, limit }) {
    const snapshots = snapshotKinds[kind];
    const [location, digest]: readonly string[] = after === null ? [] : JSON.parse(after);
    const further =
      location === undefined || digest === undefined
        ? sql``
        : sql`where (location_id, sha256) > (${location}, ${Buffer.from(digest, "hex")})`;
    const { rows } = await sql<{ location_id: string; sha256: Buffer; noted: boolean }>`
      with batch as materialized (
        select location_id, sha256 from ${sql.table(snapshots.table)} ${further} order by location_id, sha256 limit ${limit}
      ), noted as (
        insert into released_snapshots (location_id, kind, sha256)
        select s.location_id, ${kind}, s.sha256 from batch s where ${unreferenced(snapshots)}
        on conflict do nothing returning location_id, sha256
      )
      select b.location_id, b.sha256, n.sha256 is not null as noted
      from batch b left join noted n on (n.location_id, n.sha256) = (b.location_id, b.sha256)
      order by 1, 2`.execute(transaction);
    const last = rows.at(-1);
    return {
      position: last === undefined ? null : JSON.stringify([last.location_id, last.sha256.toString("hex")]),
      lookedAt: rows.length,
      changed: rows.filter(({ noted }) => noted).length,
    };
  },
}));
