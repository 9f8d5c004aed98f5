import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { registry } from "../src/rules/registry.ts";
import { rulePages } from "./pages.ts";

/** `pnpm rule-pages`: writes docs/rules anew; pages of rules that are gone go too. */
const folder = resolve(import.meta.dirname, "../../../docs/rules");
const pages = rulePages(registry);
for (const file of globSync("**/*.{md,svg}", { cwd: folder })) if (!pages.has(file)) rmSync(join(folder, file));
for (const [file, text] of pages) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}
console.log(`${pages.size} files in docs/rules`);
