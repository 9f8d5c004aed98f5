import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** `pnpm coverage`: every line and every branch of what decides (score, gate, solver) is run by the tests beside it. */
export default mergeConfig(
  base,
  defineConfig({
    test: {
      include: ["src/report/{score,gate,gate-location}.test.ts", "src/conditions/*.test.ts"],
      coverage: {
        enabled: true,
        provider: "v8",
        reporter: ["text"],
        include: [
          "src/report/{score,gate,gate-location,cycles,order}.ts",
          "src/conditions/{solver,formula,field-theory,ranges}.ts",
        ],
        thresholds: { lines: 100, branches: 100, functions: 100, statements: 100, perFile: true },
      },
    },
  }),
);
