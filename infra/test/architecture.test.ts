import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";

/**
 * The house rules of docs/ARCHITECTURE.md, held against the code's own imports. Every area may import what its row
 * names and nothing else; the row order is the direction of knowledge, so nothing imports upward.
 */

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

type Area = "packages/engine" | "packages/shared" | "services/api" | "services/worker" | "infra";
const areas: readonly Area[] = ["packages/engine", "packages/shared", "services/api", "services/worker", "infra"];

const engineDoorsOfTheApi = ["parse", "report", "rule-catalogue", "samples"];

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function sourceFiles(area: Area): readonly string[] {
  return globSync(`${area}/**/*.ts`, { cwd: root, exclude: (name) => name === "node_modules" || name === "dist" }).map(
    (file) => file.split(sep).join("/"),
  );
}

function importsOf(file: string): readonly Import[] {
  const source = readFileSync(join(root, file), "utf8");
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const found: Import[] = [];
  for (const entry of module.staticImports) {
    const typeOnly = entry.entries.length > 0 && entry.entries.every((name) => name.isType);
    found.push({ file, specifier: entry.moduleRequest.value, typeOnly });
  }
  for (const statement of module.staticExports) {
    for (const entry of statement.entries) {
      if (entry.moduleRequest) found.push({ file, specifier: entry.moduleRequest.value, typeOnly: entry.isType });
    }
  }
  for (const entry of module.dynamicImports) {
    const text = source.slice(entry.moduleRequest.start, entry.moduleRequest.end);
    const literal = /^["'`]([^"'`$]+)["'`]$/.exec(text)?.[1];
    if (literal !== undefined) found.push({ file, specifier: literal, typeOnly: false });
  }
  return found;
}

const isTest = (file: string): boolean =>
  file.endsWith(".test.ts") || /(^|\/)(test|fixtures|bench|mutation)\//.test(file);
const everyFile = areas.flatMap((area) => sourceFiles(area).map((file) => ({ area, file })));
const everyImport = everyFile.flatMap(({ area, file }) => importsOf(file).map((found) => ({ area, ...found })));

/** What an area's production code may import from the workspace; a function so that a breach names its reason. */
function breach(area: Area, found: Import): string | null {
  const match = /^@workflow-debugger\/([a-z]+)(?:\/(.+))?$/.exec(found.specifier);
  if (match === null) return null;
  const [, target, door] = match;
  if (area === "packages/engine") return "the engine knows nothing of the others";
  if (target === "api" || target === "worker" || target === "infra") return `nothing imports ${target}`;
  if (area === "packages/shared") {
    if (target === "shared") return "rooms of shared import each other by relative path";
    return found.typeOnly ? null : "shared may know the engine's types only";
  }
  if (target === "engine" && area === "services/api") {
    if (found.typeOnly || (door !== undefined && engineDoorsOfTheApi.includes(door))) return null;
    return `the API may use only these doors of the engine: ${engineDoorsOfTheApi.join(", ")}`;
  }
  return null;
}

function resolveRelative(file: string, specifier: string): string {
  return relative(root, resolve(root, dirname(file), specifier))
    .split(sep)
    .join("/");
}

test("no production import runs upward in the table of areas", () => {
  const breaches = everyImport
    .filter((found) => !isTest(found.file))
    .map((found) => ({ found, reason: breach(found.area, found) }))
    .filter(({ reason }) => reason !== null)
    .map(({ found, reason }) => `${found.file} imports ${found.specifier}: ${reason}`);
  expect(breaches).toEqual([]);
});

test("no test imports a service from outside, and the services never import each other", () => {
  const breaches = everyImport
    .filter(({ specifier }) => /^@workflow-debugger\/(api|worker|infra)/.test(specifier))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(breaches).toEqual([]);
});

test("a relative import stays inside its area", () => {
  const breaches = everyImport
    .filter(({ specifier }) => specifier.startsWith("."))
    .filter(({ area, file, specifier }) => !resolveRelative(file, specifier).startsWith(`${area}/`))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(breaches).toEqual([]);
});

test("what the API loads of the engine never reaches the analysis, the simulator or a layout library", () => {
  const doors = JSON.parse(readFileSync(join(root, "packages/engine/package.json"), "utf8")).exports;
  const queue = engineDoorsOfTheApi.map((door) => join("packages/engine", doors[`./${door}`]).split(sep).join("/"));
  const seen = new Set<string>(queue);
  const forbidden = /(^|\/)(analyze|analyze-location|simulate|layout)\.ts$|elkjs|dagre|d3-hierarchy/;
  const breaches: string[] = [];
  for (const file of queue) {
    if (!existsSync(join(root, file))) throw new Error(`the engine's door ${file} does not exist`);
    if (!file.endsWith(".ts")) continue;
    for (const { specifier, typeOnly } of importsOf(file)) {
      if (typeOnly) continue;
      const target = specifier.startsWith(".") ? resolveRelative(file, specifier) : specifier;
      if (forbidden.test(target)) breaches.push(`${file} imports ${target}`);
      if (specifier.startsWith(".") && !seen.has(target)) {
        seen.add(target);
        queue.push(target);
      }
    }
  }
  expect(breaches).toEqual([]);
  expect(seen.size).toBeGreaterThan(engineDoorsOfTheApi.length);
});

test("the engine's library does no I/O: it imports no Node module, and one package to place a drawing's boxes", () => {
  const breaches = everyImport
    .filter(({ area, file }) => area === "packages/engine" && file.startsWith("packages/engine/src/") && !isTest(file))
    .filter(({ file }) => !file.startsWith("packages/engine/src/cli/"))
    .filter(({ specifier, typeOnly }) => !typeOnly && !specifier.startsWith("."))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  // The worker draws: coordinates come from a library, which itself does no I/O.
  expect(breaches).toEqual(["packages/engine/src/layout.ts imports d3-hierarchy"]);
});

test("SQL lives only in the database room, and the queue library only in the queue room", () => {
  const homes: Readonly<Record<string, RegExp>> = {
    kysely: /^packages\/shared\/src\/db\//,
    pg: /^packages\/shared\/src\/(db|queue)\/|^infra\//,
    bullmq: /^packages\/shared\/src\/(queue|db)\//,
    hono: /^services\/api\//,
    piscina: /^services\/worker\//,
  };
  const breaches = everyImport
    .filter(({ file }) => !isTest(file))
    .filter(({ file, specifier }) => {
      const name = specifier.split("/")[0] ?? "";
      const home = homes[name];
      return home !== undefined && !home.test(file);
    })
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(breaches).toEqual([]);
});

test("no production code imports what exists for tests: stand-ins and test databases", () => {
  const breaches = everyImport
    .filter(({ area, file }) => area !== "infra" && !isTest(file))
    .filter(({ specifier }) => /^@workflow-debugger\/shared\/(stand-ins|testing)$/.test(specifier))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(breaches).toEqual([]);
});

test("the environment is read in the configuration room and nowhere else", () => {
  const allowed = /^packages\/shared\/src\/config\/|^packages\/engine\/(src\/cli|bin)\/|^infra\//;
  const breaches = everyFile
    .filter(({ file }) => !isTest(file) && !allowed.test(file))
    .filter(({ file }) => /\bprocess\.env\b/.test(readFileSync(join(root, file), "utf8")))
    .map(({ file }) => file);
  expect(breaches).toEqual([]);
});

test("no folder or file has a name that says nothing", () => {
  const empty = /(^|\/)(utils?|helpers?|common|lib|misc)(\/|\.ts$)/;
  expect(everyFile.map(({ file }) => file).filter((file) => empty.test(file))).toEqual([]);
});
