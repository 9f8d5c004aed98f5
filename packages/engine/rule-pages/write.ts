import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { locationParts, locationRegistry } from "../src/rules/location-registry.ts";
import { registry } from "../src/rules/registry.ts";
import { rulePages } from "./pages.ts";

/** `pnpm rule-pages`: writes docs/rules anew; pages of rules that are gone go too. With `--check` it only says what is not current. */
const folder = resolve(import.meta.dirname, "../../../docs/rules");
const pages = rulePages(registry, locationRegistry, locationParts);
const present = globSync("**/*.{md,svg}", { cwd: folder });

if (process.argv.includes("--check")) {
  const gone = present.filter((file) => !pages.has(file));
  const changed = [...pages].filter(
    ([file, text]) => !present.includes(file) || readFileSync(join(folder, file), "utf8") !== text,
  );
  const stale = [...gone, ...changed.map(([file]) => file)];
  if (stale.length > 0) {
    console.error(
      `docs/rules is not current (${stale.slice(0, 5).join(", ")}${stale.length > 5 ? ", …" : ""}). Run: pnpm rule-pages`,
    );
    process.exitCode = 1;
  }
} else {
  for (const file of present) if (!pages.has(file)) rmSync(join(folder, file));
  for (const [file, text] of pages) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  console.log(`${pages.size} files in docs/rules`);
}
