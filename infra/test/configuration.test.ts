import { existsSync, readdirSync, readFileSync } from "node:fs";
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

/** The README and every page of docs that people write. */
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs")).flatMap((file) => (file.endsWith(".md") ? [`docs/${file}`] : [])),
];
const prose = pages.map(read).join("\n");

test("every script that the README and the docs name exists, and every one that exists is named", () => {
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts).sort();
  // `pnpm analyze` and `npx pnpm@12 analyze`; not the package manager's own words.
  const named = names(prose, /\bpnpm(?:@12)? ([a-z][a-z:-]*)/g).filter(
    (name) => !["workspaces", "install"].includes(name),
  );
  expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
  expect(scripts.filter((script) => !named.includes(script))).toEqual([]);
});

test("every variable of the compose file is explained, and every one explained is used", () => {
  const used = names(read("infra/compose/compose.yaml"), /\$\{([A-Z][A-Z0-9_]+)/g);
  const explained = `${read("infra/compose/example.env")}\n${read("docs/PRODUCTION_READY.md")}`;
  // With a working default, and of no interest to most.
  const plain = ["API_PORT", "GRAFANA_PORT", "PROMETHEUS_PORT", "LOG_LEVEL", "WORKER_CONCURRENCY"];
  expect(used.filter((name) => !explained.includes(name) && !plain.includes(name))).toEqual([]);
  const offered = names(read("infra/compose/example.env"), /^([A-Z][A-Z0-9_]+)=/gm);
  expect(offered.filter((name) => !used.includes(name))).toEqual([]);
});

test("every file and page that the docs link to exists", () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)\s]*)?\)/g)]
      .map(([, target = ""]) => ({ page, target }))
      // A bench writes its page when it is run.
      .filter(({ target }) => !/^(docs\/)?benchmarks\//.test(target))
      .filter(({ target }) => !existsSync(resolve(root, dirname(page), target))),
  );
  expect(broken).toEqual([]);
});
