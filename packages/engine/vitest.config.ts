import { defineConfig } from "vitest/config";

/** Tests on 10 MB texts say that the work ends, not how fast the machine is. */
export default defineConfig({ test: { testTimeout: 60_000, setupFiles: ["test/seed.ts"] } });
