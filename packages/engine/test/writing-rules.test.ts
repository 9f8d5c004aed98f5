import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { analyzeWith } from "../src/analyze.ts";
import type { Rule } from "../src/rules/rule.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../../docs/WRITING_RULES.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "rule-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The rule of the page, put where the page says, with its imports still reaching the engine. */
async function ruleOfThePage(): Promise<Rule> {
  const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const home = resolve(import.meta.dirname, "../src/rules/timing");
  const file = join(folder, "very-long-wait.ts");
  writeFileSync(
    file,
    code.replace(/from "(\.[^"]+)"/g, (_, path: string) => `from "${resolve(home, path)}"`),
  );
  const { veryLongWait } = (await import(file)) as { readonly veryLongWait: Rule };
  return veryLongWait;
}

test("the rule that the page tells newcomers to write does what its examples say", async () => {
  const rule = await ruleOfThePage();
  const found = (workflow: unknown, options = {}) => analyzeWith([rule], workflow, options).issues;
  for (const { workflow } of rule.wrong()) {
    const [issue] = found(workflow);
    expect([issue?.code, issue?.message]).toEqual(["TIME-099", '"Wait" holds every contact for 730 days.']);
  }
  for (const { workflow } of rule.right()) expect(found(workflow)).toEqual([]);
  const [month] = rule.right();
  expect(found(month?.workflow, { rules: { "TIME-099": { settings: { mostDays: 7 } } } })).toHaveLength(1);
});

test("every command and file that the page names exists", () => {
  const root = resolve(import.meta.dirname, "../../..");
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const [, command = ""] of page.matchAll(/\bpnpm (analyze|rule-pages)\b/g))
    expect(Object.keys(scripts)).toContain(command);
  for (const [, file = ""] of page.matchAll(/`(packages\/engine\/src\/[^`]+|src\/[a-z/-]+\.ts)`/g)) {
    if (file.endsWith("very-long-wait.ts")) continue;
    const path = file.startsWith("src/") ? join(root, "packages/engine", file) : join(root, file);
    expect(() => readFileSync(path), file).not.toThrow(/ENOENT/);
  }
  for (const [, suite = ""] of page.matchAll(/engine test (\S+)/g))
    expect(() => readFileSync(join(root, "packages/engine", `${suite}.test.ts`)), suite).not.toThrow();
});
