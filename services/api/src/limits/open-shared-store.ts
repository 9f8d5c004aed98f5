import type { Database } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { Redis } from "ioredis";
import { postgresStore, redisStore, type SharedStore } from "./rate-limits.ts";

/** Where all API processes count together: in Redis where the queue is, else in the application's database. */
export function openSharedStore(options: {
  readonly queueUrl: string;
  readonly database: Pick<Database, "pool">;
  readonly log: Logger;
}): { readonly store: SharedStore; close(): void } {
  const { queueUrl, database, log } = options;
  if (!/^rediss?:/.test(queueUrl))
    return { store: postgresStore(database.pool, "rate_limits"), close: () => undefined };
  const client = new Redis(queueUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 300 });
  client.on("error", (error) => log.debug({ reason: error.message }, "rate limits count in memory"));
  return { store: redisStore(client), close: () => client.disconnect() };
}
