import { randomUUID } from "node:crypto";
import { ENGINE_VERSION, parseWorkflow, WorkflowFormatError } from "@workflow-debugger/engine/parse";
import { planLimits } from "@workflow-debugger/shared/billing";
import { sealDefinition } from "@workflow-debugger/shared/crypto";
import {
  type DatabaseTransaction,
  getLocation,
  markDefinitionStale,
  newestDefinition,
  optionsToRepeat,
  type StoredWebhook,
  saveDefinitions,
  submitAnalysis,
  type WorkflowRef,
} from "@workflow-debugger/shared/db";
import { GhlError, type HighLevelEvent } from "@workflow-debugger/shared/ghl";
import { ACTOR, type HighLevelEventDependencies } from "./highlevel-events.ts";
import { type Effect, ignored } from "./reading.ts";

/**
 * A workflow changed: its stored definition is marked as stale until a newer one comes. Where the plan has monitoring, a
 * newer one is fetched if there is a service that has it, and the workflow is analysed again as it was the last time.
 */
export async function workflowChanged(
  { locationId, workflowId, timestamp }: HighLevelEvent,
  stored: StoredWebhook,
  dependencies: HighLevelEventDependencies,
): Promise<Effect> {
  if (locationId === null || workflowId === null) return async () => ignored("The event names no workflow.");
  const { database } = dependencies;
  const workflow = { locationId, workflowId };
  const location = await getLocation(database, locationId);
  const monitored = location !== null && planLimits[location.plan].monitoring;
  const before = await newestDefinition(database, workflow);
  if (before === null) return async () => ignored("No definition of this workflow is stored.");
  if (monitored) await fetchNewest(workflow, stored, dependencies);
  const newest = monitored ? ((await newestDefinition(database, workflow)) ?? before) : before;
  return async (transaction) => {
    await markDefinitionStale(transaction, { ...workflow, since: timestamp ?? stored.receivedAt });
    if (monitored) await analyseAgain(transaction, workflow, newest, stored);
    return { status: "processed" };
  };
}

type Definition = NonNullable<Awaited<ReturnType<typeof newestDefinition>>>;

/** Under the options of the last analysis; not when there was none, or when one is about to run. */
async function analyseAgain(
  transaction: DatabaseTransaction,
  workflow: WorkflowRef,
  { name, snapshot, definitionAt }: Definition,
  { requestId }: StoredWebhook,
): Promise<void> {
  const options = await optionsToRepeat(transaction, workflow);
  if (options === null) return;
  await submitAnalysis(
    { kysely: transaction },
    {
      id: randomUUID(),
      locationId: workflow.locationId,
      actor: ACTOR,
      requestId,
      traceparent: null,
      workflow: { id: workflow.workflowId, name },
      snapshot,
      definitionAt,
      engineVersion: ENGINE_VERSION,
      ...options,
      cacheKey: null,
      idempotency: null,
      directLimit: 0,
    },
  );
}

/** Keeps what the structure source has as the newest version. One that fails leaves the stored definition, marked as stale. */
async function fetchNewest(
  workflow: WorkflowRef,
  { requestId }: StoredWebhook,
  { database, keys, structure, log }: HighLevelEventDependencies,
): Promise<void> {
  if (structure === null) return;
  try {
    const document = await structure.fetch(workflow);
    const { name, status } = parseWorkflow(document);
    const snapshot = sealDefinition(document, workflow.locationId, keys);
    const definitions = [{ workflowId: workflow.workflowId, name, status, snapshot }];
    const trail = { actor: ACTOR, requestId };
    await saveDefinitions(database, { ...workflow, source: "structure_url", definitions, ...trail });
  } catch (error) {
    if (!(error instanceof GhlError || error instanceof WorkflowFormatError)) throw error;
    log.warn({ ...workflow, reason: error.message }, "the structure source gave nothing");
  }
}
