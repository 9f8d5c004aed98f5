import { type LocationLayouts, locationLayoutFor, renderLocation } from "@workflow-debugger/engine/report";
import { type auditReportQuery, reportFormats } from "@workflow-debugger/shared/contract";
import { readerOf } from "../analyses/find.ts";
import { documentHeaders } from "../analyses/report.ts";
import type { Dependencies } from "../dependencies.ts";
import { completedRun, readRun } from "../location-runs/find.ts";
import { openPart } from "../location-runs/part.ts";
import type { RunView } from "../location-runs/run-view.ts";
import type { Validated } from "../middleware/validated.ts";
import { brandOf } from "../settings/brand.ts";
import { gatedLocationReport } from "./audit.ts";

const formats = ["json", "md", "sarif", "html"] as const;

/** `GET /api/audit/:id/report`: the whole report as a document, in the format of `?format=`, else of `Accept`. */
export function readAuditReportRoute(view: RunView, dependencies: Dependencies) {
  return async function readReport(context: Validated<"query", typeof auditReportQuery>): Promise<Response> {
    const { format = formatOf(context.get("mediaType")) } = context.req.valid("query");
    const caller = context.get("caller");
    const run = { locationId: caller.locationId, id: context.req.param("id") ?? "" };
    const { createdAt } = completedRun(view, await readRun(dependencies.database, view, run));
    const report = await gatedLocationReport(dependencies, run, readerOf(context, dependencies));
    const isDrawn = format === "html";
    const layouts = isDrawn ? await openPart(dependencies, { ...run, part: "layouts" }) : null;
    const layout = layouts === null ? null : locationLayoutFor(layouts as LocationLayouts, caller.plan);
    const brand = isDrawn ? await brandOf(dependencies, caller) : {};
    const document = renderLocation(report, layout, format, { date: createdAt.toISOString(), brand });
    return context.body(document, 200, documentHeaders(format));
  };
}

function formatOf(mediaType: string) {
  return formats.find((format) => reportFormats[format] === mediaType) ?? "json";
}
