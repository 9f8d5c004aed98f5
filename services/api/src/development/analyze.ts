import { samples } from "@workflow-debugger/engine/samples";
import { AppError, testSubmitRequest } from "@workflow-debugger/shared/contract";
import type { Context } from "hono";
import { storeDefinition } from "../analyses/definition.ts";
import { readAnalysis, readerOf } from "../analyses/find.ts";
import { analysisJson } from "../analyses/resource.ts";
import { createAcceptance } from "../analyses/submission.ts";
import { resourceJson } from "../answers/envelope.ts";
import { valid } from "../answers/validation.ts";
import { isFinished, readUntil } from "../changes/read-until.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { takeBody } from "../middleware/json-body.ts";

/** Longer than the longest analysis may take, retries aside. Seconds. */
const LONGEST_WAIT_SECONDS = 60;

/** `POST /test/analyze`: the whole way through queue and worker, answered with the result. */
export function testAnalyzeRoute(dependencies: Dependencies) {
  const { changes, database } = dependencies;
  const acceptSubmission = createAcceptance(dependencies);

  return async function testAnalyze(context: Context<AppEnv>): Promise<Response> {
    const { sample, workflow } = valid(testSubmitRequest, takeBody(context).parse());
    const { locationId, actor } = context.get("caller");
    const request = {
      locationId,
      actor,
      requestId: context.get("requestId"),
      traceparent: context.get("traceparent"),
      stored: storeDefinition(sample === undefined ? workflow : samples[sample], {
        locationId,
        keyRing: dependencies.keyRing,
        pointer: "/workflow",
      }),
      definitionAt: null,
      options: { all: null, plain: null, sealed: null },
      idempotency: null,
    };
    const { id } = (await acceptSubmission(request)).analysis;
    const record = await readUntil(changes, {
      id,
      seconds: LONGEST_WAIT_SECONDS,
      context,
      read: () => readAnalysis(database, { locationId, id, report: true }),
      until: isFinished,
    });
    if (record === null || !isFinished(record)) {
      throw new AppError("UNAVAILABLE", {
        message: "No worker finished this analysis in time; is one running?",
        retryAfter: 5,
      });
    }
    return resourceJson(context, analysisJson(record, readerOf(context, dependencies)));
  };
}
