import type { FaultRow } from "../harness/row.ts";
import { apiTerminated } from "./api-ends.ts";
import { engineBombs } from "./bombs.ts";
import { plantedSecrets } from "./canaries.ts";
import { runningDeleted } from "./cancel.ts";
import { clockJumps } from "./clock.ts";
import { databaseRestarted, databaseStalled } from "./database-away.ts";
import { databaseReadOnly } from "./disk.ts";
import { noisyNeighbour } from "./fairness.ts";
import { hostileBodies } from "./hostile-bodies.ts";
import { manyClients } from "./overload.ts";
import { poisonJob } from "./poison.ts";
import { queueFlushed, redisKilled } from "./queue-lost.ts";
import { rollingDeploy } from "./rolling-deploy.ts";
import { soak } from "./soak.ts";
import { webhookFiftyTimes } from "./webhook-twice.ts";
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
  poisonJob,
  engineBombs,
  webhookFiftyTimes,
  hostileBodies,
  rollingDeploy,
  databaseReadOnly,
  clockJumps,
  manyClients,
  soak,
  noisyNeighbour,
  runningDeleted,
  plantedSecrets,
];
