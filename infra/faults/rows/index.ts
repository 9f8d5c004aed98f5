import type { FaultRow } from "../harness/row.ts";
import { apiTerminated } from "./api-ends.ts";
import { databaseRestarted, databaseStalled } from "./database-away.ts";
import { queueFlushed, redisKilled } from "./queue-lost.ts";
import { workerKilled, workerTerminated } from "./worker-ends.ts";

/** The rows that are run against processes, in the order of the table. */
export const rows: readonly FaultRow[] = [
  workerKilled,
  workerTerminated,
  apiTerminated,
  redisKilled,
  queueFlushed,
  databaseRestarted,
  databaseStalled,
];
