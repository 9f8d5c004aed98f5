import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { rulePages } from "../rule-pages/pages.ts";
import { locationParts, locationRegistry } from "../src/rules/location-registry.ts";
import { registry } from "../src/rules/registry.ts";
import { secretsIn } from "../src/text/secrets.ts";

const pages = rulePages(registry, locationRegistry, locationParts);
const metas = [...registry, ...locationRegistry].map(({ meta }) => meta);
const index = pages.get("README.md") ?? "";

test.each(metas)("the page of $code says what, why, how to mend it, and from where", (meta) => {
  const page = pages.get(`${meta.code}.md`) ?? "";
  const headings = [...page.matchAll(/^#+ .*/gm)].map(([line]) => line.replace(/\\/g, ""));
  expect(headings).toEqual([
    `# ${meta.code}: ${meta.title}`,
    "## Why it hurts",
    "## What to do",
    "## Reported",
    "## Not reported",
    ...(locationParts.some((part) => part.meta.code === meta.code)
      ? ["## With the other workflows", "### Reported", "### Not reported"]
      : []),
    ...(meta.settings === undefined ? [] : ["## Settings"]),
    "## Sources",
  ]);
  for (const { key } of meta.settings ?? []) expect(page).toContain(`\`${key}\``);
  expect(index.split(`(${meta.code}.md)`)).toHaveLength(3);
});

test("a source is something that a reader can open", () => {
  for (const { code, sources } of metas)
    for (const source of sources) expect(source, code).not.toMatch(/\.md\b(?<!docs\/[A-Z_]+\.md)/);
});

test("every link between the pages and every drawing leads somewhere", () => {
  for (const [file, text] of pages) {
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:|\.\.\/)([^)#]+)\)/g))
      expect(pages.has(join(dirname(file), target)), `${target} in ${file}`).toBe(true);
  }
});

test("the JSON of every example can be pasted", () => {
  for (const [file, text] of pages)
    for (const [, json = ""] of text.matchAll(/^`{3,}json\n([\s\S]*?)\n`{3,}$/gm))
      expect(() => JSON.parse(json), file).not.toThrow();
});

test("no page holds what a scanner takes for a leaked key", () => {
  for (const [file, text] of pages) {
    const found = secretsIn(text, { label: "", entropy: false }).filter(({ confidence }) => confidence === "certain");
    expect(found, file).toEqual([]);
  }
});

test("the pages do not depend on the order of the rules", () => {
  expect([...rulePages(registry.toReversed(), locationRegistry.toReversed(), locationParts)]).toEqual([...pages]);
});
