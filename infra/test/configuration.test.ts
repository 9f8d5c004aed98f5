import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { variableNames } from "@workflow-debugger/shared/config";
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

test("every script that the README and the docs name exists", () => {
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
  const named = names(read("README.md"), /npx pnpm@12 ([a-z][a-z:-]*)/g);
  expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
  expect(named).toContain("dev");
});
