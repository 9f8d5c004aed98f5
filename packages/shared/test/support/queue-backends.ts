import { requiredUrl } from "./required-url.ts";
import type { TestDatabase } from "./test-database.ts";

export interface QueueBackend {
  readonly name: "postgres" | "redis";
  /** The `QUEUE_URL` under which a suite with this database runs on the backend. */
  queueUrl(database: TestDatabase): string;
}

/** For `describe.each`: every suite that touches the queue runs on both. */
export const queueBackends: readonly QueueBackend[] = [
  { name: "postgres", queueUrl: (database) => database.workerUrl },
  { name: "redis", queueUrl: () => requiredUrl("TEST_REDIS_URL") },
];
