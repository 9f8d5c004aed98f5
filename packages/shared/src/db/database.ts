import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, type Transaction } from "kysely";
import pg from "pg";
import type { Logger } from "../observability/logger.ts";
import { isServerError } from "./errors.ts";
import type { Tables } from "./tables.ts";

export interface Database {
  readonly kysely: Kysely<Tables>;
  /** The pool under Kysely, for libraries that speak pg themselves (rate limits). */
  readonly pool: pg.Pool;
  /** One round trip; rejects when the server does not answer in time. */
  ping(): Promise<{ readonly latencyMs: number }>;
  connections(): { readonly max: number; readonly open: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

/** A transaction under way, for functions that take part in it. */
export type DatabaseTransaction = Transaction<Tables>;

export interface DatabaseOptions {
  /** Connection URL; carries the role. */
  readonly url: string;
  readonly maxConnections: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly log: Logger;
  /** After this the server itself cancels a statement. Milliseconds. */
  readonly statementTimeoutMs?: number;
  /** After this the client gives up on a server that answers nothing, and destroys the connection. Milliseconds. */
  readonly deadlineMs?: number;
}

const PING_DEADLINE_MS = 2_000;

/** Opens a pool. Does not connect yet: a process may start while the database is away. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, maxConnections, applicationName, log, statementTimeoutMs = 10_000, deadlineMs = 12_000 } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    application_name: applicationName,
    connectionTimeoutMillis: 2_000,
    statement_timeout: statementTimeoutMs,
    lock_timeout: 3_000,
    idle_in_transaction_session_timeout: 15_000,
    query_timeout: deadlineMs,
    keepAlive: true,
    types: { getTypeParser },
  });
  const lost = (error: Error) => log.warn({ err: error }, "database connection lost");
  pool.on("error", lost);
  // A backend that dies while its client is checked out raises on the client, not on the pool.
  pool.on("connect", (client) => client.on("error", lost));

  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: poolForKysely(pool) }) });
  return {
    kysely,
    pool,
    async ping() {
      const start = performance.now();
      await pool.query({ text: "select 1", query_timeout: PING_DEADLINE_MS } as pg.QueryConfig);
      return { latencyMs: Math.round((performance.now() - start) * 10) / 10 };
    },
    connections: () => ({
      max: maxConnections,
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    async close() {
      await pool.end();
    },
  };
}

/**
 * Runs `work` in a transaction that sees and writes only the rows of one location: the row-level policies compare
 * with the setting made here, which ends with the transaction. Await no network call but the database's inside.
 */
export function withLocation<Result>(
  database: Database,
  locationId: string,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  return withSettings(database, { "app.location_id": locationId }, work);
}

/**
 * `withLocation` for a page of a list that an index holds in the order asked for. It is read off that index, by one plan that
 * a connection makes once: the planner, which knows how many rows a location has on average, might gather and sort all rows of one
 * that has many more, and else plan each page anew, which takes longer than reading it.
 */
export function withLocationInOrder<Result>(
  database: Database,
  locationId: string,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  return withSettings(database, { "app.location_id": locationId, ...inIndexOrder }, work);
}

const inIndexOrder = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_bitmapscan: "off",
  enable_sort: "off",
} as const;

/** Runs `work` in a transaction with settings, of those that the row-level policies compare with or of the planner's. */
export function withSettings<Result>(
  database: Database,
  settings: Readonly<Record<string, string>>,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  return database.kysely.transaction().execute(async (transaction) => {
    await transaction
      .selectNoFrom((eb) =>
        Object.entries(settings).map(([name, value]) =>
          eb.fn("set_config", [eb.val(name), eb.val(value), eb.lit(true)]).as(name),
        ),
      )
      .execute();
    return work(transaction);
  });
}

/** More texts than our code has; beyond it statements go unnamed. Bounds what each connection keeps on the server. */
const MOST_PREPARED = 200;
/** The server's word after a migration changed the columns of a statement that a connection had prepared. */
const STALE_PLAN = "cached plan must not change result type";

/**
 * The pool as Kysely sees it, with two differences. Statements with parameters are prepared once per connection, which
 * saves the server parsing and planning them each time. And a client that missed its deadline leaves the pool: the old
 * statement is still in flight on it, so that the next user would wait behind it. (Kysely returns every client.)
 */
function poolForKysely(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size === MOST_PREPARED) return known;
    const name = `wd_${names.size}`;
    names.set(text, name);
    return name;
  };
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      let broken = false;
      const query = async (text: string, values: readonly unknown[]) => {
        if (broken) throw new Error("Connection terminated after an earlier failure on it");
        const name = values.length === 0 ? undefined : nameOf(text);
        try {
          return await client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
        } catch (error) {
          if (!isServerError(error)) broken = true;
          else if (error instanceof Error && error.message === STALE_PLAN) {
            broken = true;
            throw new Error("Connection terminated: its prepared statements are older than the tables", {
              cause: error,
            });
          }
          throw error;
        }
      };
      const release = (destroy?: boolean) => client.release(destroy === true || broken);
      // Cursors are not used, so the second overload of Kysely's interface has no implementation.
      return { query, release } as unknown as PostgresPoolClient;
    },
  };
}

/** bigint and numeric arrive as strings by default; ours are counts and milliseconds, well within a double. */
function getTypeParser(oid: number, format?: "text" | "binary"): unknown {
  if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return Number;
  return format === "binary" ? pg.types.getTypeParser(oid, "binary") : pg.types.getTypeParser(oid, "text");
}
