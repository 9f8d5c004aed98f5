import { defineConfig } from "vitest/config";

// Integration suites start processes and databases; a shared or slow machine must not fail them.
const config = defineConfig({ test: { testTimeout: 30_000, hookTimeout: 30_000 } });

export { config as default };
