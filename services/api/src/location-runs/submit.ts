import type { submitHeaders } from "@workflow-debugger/shared/contract";
import { settleIdempotency } from "@workflow-debugger/shared/db";
import { readerOf } from "../analyses/find.ts";
import { idempotencyClaim } from "../analyses/submission.ts";
import { resource } from "../answers/envelope.ts";
import { setHeader } from "../answers/set-header.ts";
import { isFinished, readUntil } from "../changes/read-until.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Body, takeBody } from "../middleware/json-body.ts";
import type { Validated } from "../middleware/validated.ts";
import { acceptRun, type RunRequest } from "./accept.ts";
import { readRun } from "./find.ts";
import { linksOf, type RunView, runResource } from "./run-view.ts";

type Asked = Pick<RunRequest, "workflows" | "request">;
export type RunCaller = Pick<RunRequest, "locationId" | "actor" | "requestId"> & { readonly plan: "free" | "pro" };

/** `POST` of a kind of run: everything is checked, then one commit, then the answer. */
export function submitRunRoute(
  view: RunView,
  dependencies: Dependencies,
  /**
   * Checks a body and makes of it what is to be run; throws what is wrong with it. Parses, and seals what it is given, before it
   * awaits anything.
   */
  read: (body: Body, caller: RunCaller) => Promise<Asked>,
) {
  const { database, changes } = dependencies;

  return async function submit(context: Validated<"header", typeof submitHeaders>): Promise<Response> {
    const { prefer: wait } = context.req.valid("header");
    const { locationId, actor, plan } = context.get("caller");
    const [requestId, traceparent] = [context.get("requestId"), context.get("traceparent")];
    const { reading, idempotency } = begin(context, { locationId, actor, requestId, plan });
    const asked = await reading;
    const request = { ...asked, kind: view.kind, locationId, actor, requestId, traceparent, idempotency };
    const accepted = await acceptRun(request, dependencies);

    const { id, createdAt } = accepted.run;
    const replayed = accepted.outcome === "replayed";
    if (replayed) setHeader(context, "Idempotency-Replayed", "true");
    // A repeat is answered as the first request was, whatever it prefers.
    const seconds = replayed ? (accepted.statusCode === 200 ? 0 : null) : (wait ?? null);
    const record = seconds === null ? null : await finishedWithin(id, seconds);
    if (idempotency !== null && wait !== undefined && !replayed) {
      const statusCode = record === null ? 202 : 200;
      await settleIdempotency(database, { locationId, ...idempotency, analysisId: id, statusCode });
    }
    if (record !== null) {
      if (wait !== undefined) setHeader(context, "Preference-Applied", `wait=${wait}`);
      return resource(context, await runResource(view, record, locationId, readerOf(context, dependencies)));
    }
    setHeader(context, "Location", `${view.path}/${id}`);
    setHeader(context, "Retry-After", "1");
    const links = linksOf(view, id);
    const total = asked.workflows.length;
    return resource(context, { id, status: "queued", total, createdAt: createdAt.toISOString(), links }, 202);

    async function finishedWithin(run: string, limit: number) {
      const reading = () => readRun(database, view, { locationId, id: run });
      const found = await readUntil(changes, { id: run, seconds: limit, context, read: reading, until: isFinished });
      return found !== null && isFinished(found) ? found : null;
    }
  };

  /** By itself, so that no frame that awaits the reading holds the body. */
  function begin(context: Validated<"header", typeof submitHeaders>, caller: RunCaller) {
    const { prefer: wait, "idempotency-key": key } = context.req.valid("header");
    const body = takeBody(context);
    const idempotency = idempotencyClaim(`POST ${view.path}`, key, body.bytes, wait);
    return { idempotency, reading: read(body, caller) };
  }
}
