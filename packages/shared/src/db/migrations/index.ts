import type { Migration } from "kysely/migration";
import { up as createTables } from "./0001-tables.ts";
import { up as secureRows } from "./0002-row-security.ts";
import { up as createFunctions } from "./0003-functions.ts";
import { up as sealLayouts } from "./0004-layouts.ts";
import { up as createIdentity } from "./0010-identity.ts";
import { up as createWorkflows } from "./0011-workflows.ts";
import { up as addWebhooksAndBilling } from "./0020-webhooks-billing.ts";
import { up as addDeadLetters } from "./0021-dead-letters.ts";
import { up as findPreviousAnalyses } from "./0040-previous-analyses.ts";
import { up as addLocationSettings } from "./0041-location-settings.ts";
import { up as addLocationRuns } from "./0042-location-runs.ts";
import { up as markStaleDefinitions } from "./0051-stale-definitions.ts";
import { up as batchWebhooks } from "./0052-webhook-batches.ts";
import { up as countWaitingAnalyses } from "./0060-waiting-analyses.ts";
import { up as countWaitingWork } from "./0061-waiting-work.ts";
import { up as addOperations } from "./0070-operations.ts";
import { up as acceptInBatches } from "./0080-accept-batches.ts";
import { up as readAnalysesTogether } from "./0090-read-analyses.ts";
import { up as addBackfills } from "./0095-backfills.ts";
import { up as noteReleasedSnapshots } from "./0096-released-snapshots.ts";

/** All migrations by name, in order of name. One that has been released is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-tables": { up: createTables },
  "0002-row-security": { up: secureRows },
  "0003-functions": { up: createFunctions },
  "0004-layouts": { up: sealLayouts },
  "0010-identity": { up: createIdentity },
  "0011-workflows": { up: createWorkflows },
  "0020-webhooks-billing": { up: addWebhooksAndBilling },
  "0021-dead-letters": { up: addDeadLetters },
  "0040-previous-analyses": { up: findPreviousAnalyses },
  "0041-location-settings": { up: addLocationSettings },
  "0042-location-runs": { up: addLocationRuns },
  "0051-stale-definitions": { up: markStaleDefinitions },
  "0052-webhook-batches": { up: batchWebhooks },
  "0060-waiting-analyses": { up: countWaitingAnalyses },
  "0061-waiting-work": { up: countWaitingWork },
  "0070-operations": { up: addOperations },
  "0080-accept-batches": { up: acceptInBatches },
  "0090-read-analyses": { up: readAnalysesTogether },
  "0095-backfills": { up: addBackfills },
  "0096-released-snapshots": { up: noteReleasedSnapshots },
};
