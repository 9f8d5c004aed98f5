import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { variableNames } from "@workflow-debugger/shared/config";
import { analysisFailureCodes, errorCodes } from "@workflow-debugger/shared/contract";
import { expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const names = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ""))].sort();

/** What the processes read, plus what only the embedded stack reads. */
const known = [...variableNames(), "DATA_DIR"].sort();

test("the example environment file names every configuration variable and no other", () => {
  expect(names(read(".env.example"), /^([A-Z][A-Z0-9_]+)=/gm)).toEqual(known);
});

test("the README's configuration table names every configuration variable and no other", () => {
  expect(names(read("README.md"), /^\| `([A-Z][A-Z0-9_]+)` *\|/gm)).toEqual(known);
});

test("every error code has its section, its status and its place in the table of docs/ERRORS.md", () => {
  const page = read("docs/ERRORS.md");
  expect(names(page, /^## ([A-Z_]+)$/gm)).toEqual(Object.keys(errorCodes).sort());
  const rows = [...page.matchAll(/^\| \[`([A-Z_]+)`\]\(#([a-z_]+)\) +\| (\d{3}) +\|/gm)].map(([, ...cells]) => cells);
  const expected = Object.entries(errorCodes).map(([code, { status }]) => [code, code.toLowerCase(), String(status)]);
  expect(rows).toEqual(expected);
  for (const code of analysisFailureCodes) expect(page).toContain(`\`${code}\``);
});

test("every script that the README and the docs name exists", () => {
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
  const named = names(read("README.md"), /npx pnpm@12 ([a-z][a-z:-]*)/g);
  expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
  expect(named).toContain("dev");
});
