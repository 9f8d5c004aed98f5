import { ENGINE_VERSION } from "@workflow-debugger/engine/parse";
import { runContext } from "@workflow-debugger/shared/crypto";
import {
  type IdempotencyClaim,
  type LocationRunKind,
  type LocationRunOutcome,
  type RunWorkflow,
  retryTransient,
  submitLocationRun,
} from "@workflow-debugger/shared/db";
import { uuidv7 } from "uuidv7";
import { idempotencyRefusal } from "../analyses/submission.ts";
import type { Dependencies } from "../dependencies.ts";

/** What was asked, complete and valid. */
export interface RunRequest {
  readonly kind: LocationRunKind;
  readonly locationId: string;
  readonly actor: string;
  readonly requestId: string;
  readonly traceparent: string | null;
  readonly workflows: readonly RunWorkflow[];
  /** What the engine is asked besides the workflows; stored sealed. */
  readonly request: object;
  readonly idempotency: IdempotencyClaim | null;
}

export type AcceptedRun = Extract<LocationRunOutcome, { readonly run: unknown }>;

/** Accepts a run, in one commit; throws as `AcceptSubmission` does where its Idempotency-Key is in use. */
export async function acceptRun(
  { request, ...rest }: RunRequest,
  { database, keyRing }: Pick<Dependencies, "database" | "keyRing">,
): Promise<AcceptedRun> {
  const id = uuidv7();
  const sealed = keyRing.seal(Buffer.from(JSON.stringify(request)), runContext(id, "request"));
  const submission = { ...rest, id, request: sealed, engineVersion: ENGINE_VERSION };
  const outcome = await retryTransient(() => submitLocationRun(database, submission));
  if ("run" in outcome) return outcome;
  throw idempotencyRefusal(outcome.outcome);
}
