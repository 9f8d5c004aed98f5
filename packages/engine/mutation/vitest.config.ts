import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const { MUTATED_FILE = "", MUTANT = "" } = process.env;

/** The usual tests with one source replaced by its faulty twin. */
export default defineConfig({
  plugins: [
    {
      name: "mutant",
      enforce: "pre",
      transform: (_code, id) => (id.split("?")[0] === MUTATED_FILE ? readFileSync(MUTANT, "utf8") : null),
    },
  ],
  // The cache of modules knows the project's sources, not the faulty twin.
  test: { testTimeout: 20_000, setupFiles: ["test/seed.ts"], isolate: false, fsModuleCache: false },
});
