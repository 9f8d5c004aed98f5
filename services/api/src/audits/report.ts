import type { auditReportQuery } from "@workflow-debugger/shared/contract";
import { readerOf } from "../analyses/find.ts";
import { documentHeaders } from "../analyses/report.ts";
import type { Dependencies } from "../dependencies.ts";
import { completedRun, readRun } from "../location-runs/find.ts";
import type { RunView } from "../location-runs/run-view.ts";
import type { Validated } from "../middleware/validated.ts";
import { gatedLocationReport } from "./audit.ts";

/** `GET /api/audit/:id/report`: the whole report as a document. */
export function readAuditReportRoute(view: RunView, dependencies: Dependencies) {
  return async function readReport(context: Validated<"query", typeof auditReportQuery>): Promise<Response> {
    const { locationId } = context.get("caller");
    const run = { locationId, id: context.req.param("id") ?? "" };
    completedRun(view, await readRun(dependencies.database, view, run));
    const report = await gatedLocationReport(dependencies, run, readerOf(context, dependencies));
    return context.body(JSON.stringify(report), 200, documentHeaders("json"));
  };
}
