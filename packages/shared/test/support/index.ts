/** What the suites of every package stand on: a fresh migrated database per suite, on a real server. */

export { createGate, type Gate } from "./gate.ts";
export { openExplained } from "./query-plans.ts";
export { type QueueBackend, queueBackends } from "./queue-backends.ts";
export { aRun, aSubmission, seedLocation } from "./seed.ts";
export { tenantRows } from "./tenant-rows.ts";
export { createTestDatabase, type TestDatabase } from "./test-database.ts";
