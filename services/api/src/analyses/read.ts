import type { readQuery } from "@workflow-debugger/shared/contract";
import { type AnalysisState, analysisTrace } from "@workflow-debugger/shared/db";
import { matches } from "../answers/entity-tag.ts";
import { resourceJson } from "../answers/envelope.ts";
import { setHeader } from "../answers/set-header.ts";
import { isFinished, readUntil } from "../changes/read-until.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { createStateReader, found, readAnalysis, readerOf } from "./find.ts";
import { createGatedReports } from "./gated-reports.ts";
import { completedJson, entityTag, gatedJson, stateJson } from "./resource.ts";

/** `GET /api/analysis/:id`: the state now, or at its next change within `?wait` seconds. */
export function readAnalysisRoute(dependencies: Dependencies) {
  const { database, changes, tracing } = dependencies;
  const readState = createStateReader(database);
  const gatedReport = createGatedReports();

  return async function read(context: Validated<"query", typeof readQuery>): Promise<Response> {
    const { wait = 0 } = context.req.valid("query");
    const id = context.req.param("id") ?? "";
    const wanted = { locationId: context.get("caller").locationId, id };
    let first: AnalysisState | undefined;
    const status = await readUntil(changes, {
      id,
      seconds: wait,
      context,
      read: () => readState(wanted),
      until(record) {
        first ??= record;
        return isFinished(record) || record.status !== first.status;
      },
    });
    const state = found(status);
    if (!isFinished(state)) {
      setHeader(context, "Retry-After", "1");
      return resourceJson(context, stateJson(state));
    }
    if (tracing.enabled) tracing.link((await analysisTrace(database, wanted)) ?? "");
    const reader = readerOf(context, dependencies);
    const tag = entityTag(state, reader);
    setHeader(context, "ETag", tag);
    setHeader(context, "Cache-Control", "private, no-cache");
    if (matches(context.req.header("if-none-match"), tag)) return context.body(null, 304);
    if (state.status !== "completed") return resourceJson(context, stateJson(state));
    const report = await gatedReport(state, reader, async () =>
      gatedJson(found(await readAnalysis(database, { ...wanted, report: true })), reader),
    );
    return resourceJson(context, completedJson(state, report));
  };
}
