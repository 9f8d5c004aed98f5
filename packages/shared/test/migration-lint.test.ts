import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/**
 * Expand, then contract: a migration runs while the release before is serving, and that release goes on after it. Nothing it
 * reads or writes may go, change its type or its name, and nothing may hold a table for as long as it is big: rows that are there
 * are changed by a backfill (src/db/backfills.ts). What is to go
 * goes one release after the last code that knew it, with its file named below and the release that no longer needs it.
 */

const folder = new URL("../src/db/migrations/", import.meta.url);
const files = readdirSync(folder).filter((name) => /^\d{4}-.*\.ts$/.test(name));

/** Rule → what a migration's text must not hold. */
const rules: Readonly<Record<string, RegExp>> = {
  "drops a table": /\bdrop table\b/,
  "drops a column": /\bdrop column\b/,
  "renames a table or a column": /\balter table\b[^;]*\brename\b/,
  "changes a column's type": /\balter column \w+ (?:set data )?type\b/,
  "forbids null in a column that may hold it": /\balter column \w+ set not null\b/,
  "adds a column that old code cannot fill": /\badd column \w+ (?!.*\bdefault\b)[^,;]*\bnot null\b/,
  "rewrites a table": /\b(?:cluster|vacuum full)\b/,
};

/** File → what it may do, and why that harms nobody. Before the first release there was no code to be compatible with. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "0004-layouts.ts": ["drops a column"],
  "0010-identity.ts": ["holds locations while it builds an index"],
  "0020-webhooks-billing.ts": ["holds locations while it builds an index"],
  "0021-dead-letters.ts": ["holds webhook_events while it builds an index"],
  "0041-location-settings.ts": ["holds analyses while it builds an index"],
};

/** What holds a table for as long as it is big, unless the same file makes it: then it is empty. */
const onGrownTables: readonly (readonly [pattern: RegExp, problem: (table: string) => string])[] = [
  [/\bcreate (?:unique )?index (?!concurrently)\w* ?on (\w+)/g, (table) => `holds ${table} while it builds an index`],
  [
    /(?:^|;) ?(?:with [^;]* )?(?:update(?: only)?|delete from|insert into) (\w+)/g,
    (table) => `changes rows of ${table}, which is a backfill's work`,
  ],
];

/** The bodies of functions run later, a call at a time. */
const withoutBodies = (text: string) => text.replace(/(\$\w*\$).*?\1/g, "''");

function problemsOnGrownTables(text: string): readonly string[] {
  const made = new Set([...text.matchAll(/\bcreate (?:unlogged )?table (\w+)/g)].map(([, table]) => table));
  return onGrownTables.flatMap(([pattern, problem]) =>
    [...withoutBodies(text).matchAll(pattern)]
      .map(([, table = ""]) => table)
      .filter((table) => !made.has(table))
      .map(problem),
  );
}

function problemsOf(text: string): readonly string[] {
  const plain = text
    .toLowerCase()
    .replace(/--.*$/gm, "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ");
  return [
    ...Object.entries(rules)
      .filter(([, pattern]) => pattern.test(plain))
      .map(([rule]) => rule),
    // Each statement of a file stands between backticks or ends with a semicolon.
    ...problemsOnGrownTables(plain.replace(/`/g, ";")),
  ];
}

test.each(files)("%s can run while the release before is serving", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  expect(problemsOf(text).filter((problem) => !allowed[name]?.includes(problem))).toEqual([]);
});

test.each([
  ["alter table analyses drop column grade", "drops a column"],
  ["drop table brands", "drops a table"],
  ["alter table analyses rename column grade to mark", "renames a table or a column"],
  ["alter table analyses alter column score type integer", "changes a column's type"],
  ["alter table analyses add column kind text not null", "adds a column that old code cannot fill"],
  ["alter table analyses alter column grade set not null", "forbids null in a column that may hold it"],
  ["create index by_score on analyses (score)", "holds analyses while it builds an index"],
  ["update analyses set score = 0", "changes rows of analyses, which is a backfill's work"],
  ["update analyses set score = 0 where score is null", "changes rows of analyses, which is a backfill's work"],
  [
    "with old as (select id from analyses) delete from analyses using old where old.id = analyses.id",
    "changes rows of analyses, which is a backfill's work",
  ],
  ["create table a (id int); insert into b select 1", "changes rows of b, which is a backfill's work"],
])("the lint sees %j", (statement, problem) => {
  expect(problemsOf(statement)).toEqual([problem]);
});

test.each([
  "create table kinds (id text primary key); create index by_id on kinds (id)",
  "alter table analyses add column kind text",
  "alter table analyses add column kind text not null default 'x'",
  "create index concurrently by_score on analyses (score)",
  "create table kinds (id text); insert into kinds values ('x')",
  "create function f() returns void language sql as $$ update analyses set score = 0 $$",
  "create trigger t after delete on analyses for each statement execute function f()",
])("the lint has nothing against %j", (statement) => {
  expect(problemsOf(statement)).toEqual([]);
});
