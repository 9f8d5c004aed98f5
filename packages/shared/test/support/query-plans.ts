import pg from "pg";
import { pino } from "pino";
import { type Database, openDatabase } from "../../src/db/index.ts";
import type { TestDatabase } from "./test-database.ts";

/** A database that hears how its statements were run. */
export interface ExplainedDatabase extends Database {
  /** The plans of what `work` reads from tables, in the order in which it does, those inside functions too. */
  plansOf(work: () => Promise<unknown>): Promise<readonly string[]>;
}

/** Sent with each statement by PostgreSQL's own auto_explain, to whoever sent the statement. */
const settings = {
  session_preload_libraries: "auto_explain",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_timing": "off",
  "auto_explain.log_buffers": "on",
  "auto_explain.log_nested_statements": "on",
  "auto_explain.log_parameter_max_length": "0",
  "auto_explain.log_level": "notice",
} as const;

/** Opens the database as a service's role, on one connection. Closed by the caller, as any. */
export async function openExplained(test: TestDatabase, role: "wd_api" | "wd_worker"): Promise<ExplainedDatabase> {
  const superuser = new pg.Client({ connectionString: test.superuserUrl });
  await superuser.connect();
  for (const [name, value] of Object.entries(settings))
    await superuser.query(`alter role ${role} in database ${test.name} set ${name} = '${value}'`);
  const database = openDatabase({
    url: role === "wd_api" ? test.apiUrl : test.workerUrl,
    maxConnections: 1,
    applicationName: "explained",
    log: pino({ level: "silent" }),
  });
  let heard: string[] = [];
  database.pool.on("connect", (client) => client.on("notice", ({ message = "" }) => heard.push(message)));
  await database.ping();
  await superuser.query(`alter role ${role} in database ${test.name} reset all`);
  await superuser.end();
  return {
    ...database,
    async plansOf(work) {
      heard = [];
      await work();
      return heard.flatMap((message) => (message.includes(" Scan ") ? [planIn(message)] : []));
    },
  };
}

/** Without the statement's text before it, and without the costs, which differ each time statistics are gathered. */
function planIn(message: string): string {
  return message.slice(message.search(/^\S.*\(cost=/m)).replaceAll(/\(cost=[^)]*\) /g, "");
}
