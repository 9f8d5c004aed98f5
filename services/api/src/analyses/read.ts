import type { readQuery } from "@workflow-debugger/shared/contract";
import { type AnalysisRecord, analysisTrace } from "@workflow-debugger/shared/db";
import { matches } from "../answers/entity-tag.ts";
import { resource } from "../answers/envelope.ts";
import { isFinished, readUntil } from "../changes/read-until.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { found, readAnalysis, readerOf } from "./find.ts";
import { analysisResource, entityTag } from "./resource.ts";

/** `GET /api/analysis/:id`: the state now, or at its next change within `?wait` seconds. */
export function readAnalysisRoute(dependencies: Dependencies) {
  const { database, changes, tracing } = dependencies;

  return async function read(context: Validated<"query", typeof readQuery>): Promise<Response> {
    const { wait = 0 } = context.req.valid("query");
    const id = context.req.param("id") ?? "";
    const wanted = { locationId: context.get("caller").locationId, id };
    const { signal } = context.req.raw;
    const known = context.req.header("if-none-match");
    let first: AnalysisRecord | undefined;
    const status = await readUntil(changes, {
      id,
      seconds: wait,
      signal,
      // Whoever may have it already needs no report to be told so.
      read: () => readAnalysis(database, { ...wanted, report: known === undefined }),
      until(record) {
        first ??= record;
        return isFinished(record) || record.status !== first.status;
      },
    });
    const reader = readerOf(context, dependencies);
    const record = found(status);
    if (!isFinished(record)) {
      context.header("Retry-After", "1");
      return resource(context, analysisResource(record, reader));
    }
    if (tracing.enabled) tracing.link((await analysisTrace(database, wanted)) ?? "");
    const tag = entityTag(record, reader);
    context.header("ETag", tag);
    context.header("Cache-Control", "private, no-cache");
    if (matches(known, tag)) return context.body(null, 304);
    const whole = known === undefined ? record : found(await readAnalysis(database, { ...wanted, report: true }));
    return resource(context, analysisResource(whole, reader));
  };
}
