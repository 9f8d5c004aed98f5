import { AppError, type submitHeaders, submitRequest } from "@workflow-debugger/shared/contract";
import { settleIdempotency } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource, resourceJson } from "../answers/envelope.ts";
import { setHeader } from "../answers/set-header.ts";
import { valid } from "../answers/validation.ts";
import { isFinished, readUntil } from "../changes/read-until.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { takeBody } from "../middleware/json-body.ts";
import type { Validated } from "../middleware/validated.ts";
import { effectiveOptions } from "../settings/effective-options.ts";
import { currentDefinition } from "../workflows/current-definition.ts";
import { checkRules } from "./check-rules.ts";
import { listInsteadOfWorkflow, storeDefinition } from "./definition.ts";
import { readAnalysis, readerOf } from "./find.ts";
import { acceptedAnalysis, analysisJson } from "./resource.ts";
import { type Accepted, createAcceptance, idempotencyClaim } from "./submission.ts";

/** `POST /api/analyze`: everything is checked, then one commit, then the answer. */
export function submitAnalysisRoute(dependencies: Dependencies) {
  const { database, keyRing, changes } = dependencies;
  const acceptSubmission = createAcceptance(dependencies);

  return async function submit(context: Validated<"header", typeof submitHeaders>): Promise<Response> {
    const { prefer: wait } = context.req.valid("header");
    const caller = context.get("caller");
    const { locationId, actor } = caller;
    const { given, workflowId, options: asked, idempotency } = readSubmission(context);
    const requestId = context.get("requestId");
    const traceparent = context.get("traceparent");
    const from =
      given === undefined
        ? await storedDefinition({ locationId, workflowId, actor, requestId })
        : { stored: given, definitionAt: null };
    const analysed = { caller, options: asked, workflowId: from.stored.workflow.id };
    const options = await effectiveOptions(dependencies, analysed);
    const request = { ...from, locationId, actor, requestId, traceparent, options, idempotency };
    const accepted = await acceptSubmission(request);

    if (accepted.outcome === "replayed") setHeader(context, "Idempotency-Replayed", "true");
    const seconds = secondsToWait(accepted, wait);
    const record = seconds === null ? null : await finishedWithin(context, accepted.analysis.id, seconds);
    if (idempotency !== null && wait !== undefined && accepted.outcome !== "replayed") {
      const statusCode = record === null ? 202 : 200;
      await settleIdempotency(database, { locationId, ...idempotency, analysisId: accepted.analysis.id, statusCode });
    }
    if (record !== null) {
      if (wait !== undefined) setHeader(context, "Preference-Applied", `wait=${wait}`);
      return resourceJson(context, analysisJson(record, readerOf(context, dependencies)));
    }
    setHeader(context, "Location", `/api/analysis/${accepted.analysis.id}`);
    setHeader(context, "Retry-After", "1");
    return resource(context, acceptedAnalysis(accepted.analysis), 202);
  };

  function readSubmission(context: Validated<"header", typeof submitHeaders>) {
    const { prefer: wait, "idempotency-key": key } = context.req.valid("header");
    const { bytes, parse } = takeBody(context);
    const body = parse();
    if (looksLikeList(body)) throw listInsteadOfWorkflow();
    const { workflow, workflowId, options = null } = valid(submitRequest, body);
    checkRules(options?.rules, "/options/rules");
    const idempotency = idempotencyClaim("POST /api/analyze", key, bytes, wait);
    if (workflowId !== undefined) return { workflowId, options, idempotency };
    const { locationId } = context.get("caller");
    const given = storeDefinition(workflow, { locationId, keyRing, pointer: "/workflow" });
    return { given, options, idempotency };
  }

  async function storedDefinition(wanted: Parameters<typeof currentDefinition>[0]) {
    const definition = await currentDefinition(wanted, dependencies);
    if (definition === null) throw new AppError("DEFINITION_REQUIRED");
    const { workflowId, name, snapshot, definitionAt } = definition;
    return { stored: { workflow: { id: workflowId, name }, snapshot }, definitionAt };
  }

  async function finishedWithin(context: Context<AppEnv>, id: string, seconds: number) {
    const { locationId } = context.get("caller");
    const read = () => readAnalysis(database, { locationId, id, report: true });
    const record = await readUntil(changes, { id, seconds, context, read, until: isFinished });
    return record !== null && isFinished(record) ? record : null;
  }
}

/** A repeat is answered as the first request was, whatever it prefers. */
function secondsToWait(accepted: Accepted, wait: number | undefined): number | null {
  if (accepted.outcome === "replayed") return accepted.statusCode === 200 ? 0 : null;
  return wait ?? null;
}

function looksLikeList(body: unknown): boolean {
  return Array.isArray(body) || (typeof body === "object" && body !== null && Object.hasOwn(body, "workflows"));
}
