import { createHash, randomUUID } from "node:crypto";
import { uuidv7 } from "uuidv7";
import {
  type Database,
  type LocationRunSubmission,
  type Plan,
  type Submission,
  saveLocation,
} from "../../src/db/index.ts";

/** Creates a location with a name of its own and gives back its id. Needs the worker's or the owner's role. */
export async function seedLocation(database: Database, plan: Plan = "pro"): Promise<string> {
  const id = `location-${randomUUID()}`;
  await saveLocation(database, { id, name: "Test location", plan });
  return id;
}

/** A submission that differs from every other; the snapshot's bytes stand unencrypted. */
export function aSubmission(locationId: string, changes: Partial<Submission> = {}): Submission {
  const id = uuidv7();
  const definition = Buffer.from(`{"id":"${id}"}`);
  return {
    id,
    locationId,
    actor: "key:test",
    requestId: randomUUID(),
    traceparent: null,
    workflow: { id: `workflow-${id}`, name: "Test workflow" },
    snapshot: {
      sha256: createHash("sha256").update(definition).digest(),
      ciphertext: definition,
      keyId: "test",
      size: definition.length,
    },
    definitionAt: null,
    engineVersion: "0.1.0",
    options: null,
    sealedOptions: null,
    cacheKey: null,
    idempotency: null,
    directLimit: 50,
    ...changes,
  };
}

/** A run over one workflow of its own; the bytes stand unencrypted. */
export function aRun(locationId: string, changes: Partial<LocationRunSubmission> = {}): LocationRunSubmission {
  const { snapshot } = aSubmission(locationId);
  return {
    id: uuidv7(),
    locationId,
    kind: "audit",
    actor: "key:test",
    requestId: randomUUID(),
    traceparent: null,
    engineVersion: "0.1.0",
    request: { ciphertext: Buffer.from("{}"), keyId: "test" },
    workflows: [snapshot],
    idempotency: null,
    ...changes,
  };
}
