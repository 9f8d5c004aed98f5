import type { AnalysisRecord } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { streamStatus } from "../changes/stream-status.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { found, readAnalysis, readerOf } from "./find.ts";
import { analysisJson } from "./resource.ts";

/** `GET /api/analysis/:id/events`: the state now, then each change; the stream closes at the end of the analysis. */
export function streamAnalysisRoute(dependencies: Dependencies) {
  return async function stream(context: Context<AppEnv>): Promise<Response> {
    const reader = readerOf(context, dependencies);
    const id = context.req.param("id") ?? "";
    const { locationId } = context.get("caller");
    const read = () => readAnalysis(dependencies.database, { locationId, id, report: true });
    const rows = {
      id,
      first: found(await read()),
      read,
      stateOf: ({ status, attempts }: { readonly status: string; readonly attempts: number }) =>
        `${status} ${attempts}`,
      show: (record: AnalysisRecord) => analysisJson(record, reader),
    };
    return streamStatus(context, rows, dependencies);
  };
}
