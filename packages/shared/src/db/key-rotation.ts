import { sql } from "kysely";
import {
  installContext,
  type KeyRing,
  layoutContext,
  optionsContext,
  runContext,
  SealError,
  settingsContext,
  snapshotContext,
  webhookContext,
} from "../crypto/index.ts";
import type { Database } from "./database.ts";

type Row = Readonly<Record<string, unknown>>;

interface SealedTable {
  readonly table: string;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  readonly sealed: string;
  /** What the bytes of a row are bound to. */
  readonly contextOf: (row: Row) => string;
}

/** Every table that holds sealed bytes. Each has the column `encryption_key_id`. */
const SEALED_TABLES: readonly SealedTable[] = [
  {
    table: "workflow_snapshots",
    key: ["location_id", "sha256"],
    sealed: "ciphertext",
    contextOf: (row) => snapshotContext(row["location_id"] as string, row["sha256"] as Buffer),
  },
  {
    table: "location_runs",
    key: ["id"],
    sealed: "request",
    contextOf: (row) => runContext(row["id"] as string, "request"),
  },
  {
    table: "location_run_results",
    key: ["run_id", "part"],
    sealed: "ciphertext",
    contextOf: (row) => runContext(row["run_id"] as string, row["part"] as string),
  },
  {
    table: "option_snapshots",
    key: ["location_id", "sha256"],
    sealed: "ciphertext",
    contextOf: (row) => optionsContext(row["location_id"] as string, row["sha256"] as Buffer),
  },
  {
    table: "location_settings",
    key: ["location_id", "name"],
    sealed: "ciphertext",
    contextOf: (row) => settingsContext(row["location_id"] as string, row["name"] as string),
  },
  {
    table: "ghl_installs",
    key: ["kind", "id"],
    sealed: "ciphertext",
    contextOf: (row) => installContext({ kind: row["kind"] as string, id: row["id"] as string }),
  },
  {
    table: "analysis_results",
    key: ["location_id", "analysis_id"],
    sealed: "layout",
    contextOf: (row) => layoutContext(row["location_id"] as string),
  },
  { table: "webhook_events", key: ["id"], sealed: "body", contextOf: (row) => webhookContext(row["id"] as string) },
];

/** A definition may have ten megabytes. */
const BATCH = 10;

export interface ResealedTable {
  readonly table: string;
  readonly resealed: number;
  /** Rows whose key is not in the key ring, or whose bytes were changed. */
  readonly unreadable: number;
}

/**
 * Seals with the newest key what older ones sealed, a few rows at a time and while everything runs: a row that another
 * process writes meanwhile keeps what that wrote, and comes again. Can be stopped and started at any moment. For the
 * worker's role.
 */
export async function resealAll(database: Database, keyRing: KeyRing): Promise<readonly ResealedTable[]> {
  const outcomes: ResealedTable[] = [];
  for (const table of SEALED_TABLES) {
    const total = { resealed: 0, unreadable: 0 };
    // A process that still seals with the older key may add rows behind us: passes go on until one finds nothing to do.
    for (;;) {
      const pass = await resealTable(database, keyRing, table);
      total.resealed += pass.resealed;
      total.unreadable = pass.unreadable;
      if (pass.resealed + pass.changedMeanwhile === 0) break;
    }
    outcomes.push({ table: table.table, ...total });
  }
  return outcomes;
}

async function resealTable(database: Database, keyRing: KeyRing, { table, key, sealed, contextOf }: SealedTable) {
  const outcome = { resealed: 0, unreadable: 0, changedMeanwhile: 0 };
  const columns = sql.join(key.map((column) => sql.ref(column)));
  let last: Row | undefined;
  do {
    const rows = await batchAfter(last);
    for (const row of rows) outcome[await resealRow(row)] += 1;
    last = rows[BATCH - 1];
  } while (last !== undefined);
  return outcome;

  async function batchAfter(place: Row | undefined): Promise<readonly Row[]> {
    const further =
      place === undefined ? sql`` : sql`and (${columns}) > (${sql.join(key.map((column) => place[column]))})`;
    const { rows } = await sql<Row>`
      select ${columns}, ${sql.ref(sealed)} as sealed, encryption_key_id from ${sql.table(table)}
      where encryption_key_id <> ${keyRing.newestKeyId} and ${sql.ref(sealed)} is not null ${further}
      order by ${columns} limit ${BATCH}`.execute(database.kysely);
    return rows;
  }

  async function resealRow(row: Row): Promise<keyof typeof outcome> {
    const old = { ciphertext: row["sealed"] as Buffer, keyId: row["encryption_key_id"] as string };
    const context = contextOf(row);
    let plaintext: Buffer;
    try {
      plaintext = keyRing.open(old, context);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return "unreadable";
    }
    const fresh = keyRing.seal(plaintext, context);
    const { numAffectedRows } = await sql`
      update ${sql.table(table)} set ${sql.ref(sealed)} = ${fresh.ciphertext}, encryption_key_id = ${fresh.keyId}
      where (${columns}) = (${sql.join(key.map((column) => row[column]))})
        and encryption_key_id = ${old.keyId} and ${sql.ref(sealed)} = ${old.ciphertext}`.execute(database.kysely);
    return numAffectedRows === 1n ? "resealed" : "changedMeanwhile";
  }
}
