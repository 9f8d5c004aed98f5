import { render } from "@workflow-debugger/engine/report";
import { AppError, type ReportFormat, reportFormats, type reportQuery } from "@workflow-debugger/shared/contract";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { brandOf } from "../settings/brand.ts";
import { readDrawing } from "./drawing.ts";
import { found, readAnalysis, readerOf } from "./find.ts";
import { gatedReport } from "./resource.ts";

const formats = Object.keys(reportFormats) as readonly ReportFormat[];
export const reportMediaTypes = [
  reportFormats.json,
  reportFormats.md,
  reportFormats.sarif,
  reportFormats.html,
  reportFormats.svg,
] as const;

/** `GET /api/analysis/:id/report`: the report as a document, in the format of `?format=`, else of `Accept`. */
export function readReportRoute(dependencies: Dependencies) {
  return async function readReport(context: Validated<"query", typeof reportQuery>): Promise<Response> {
    const { format = formatOf(context.get("mediaType")) } = context.req.valid("query");
    const { locationId } = context.get("caller");
    const id = context.req.param("id") ?? "";
    const record = found(await readAnalysis(dependencies.database, { locationId, id, report: true }));
    if (record.status !== "completed") {
      throw new AppError("CONFLICT", { message: `This analysis is ${record.status} and has no report.` });
    }
    const reader = readerOf(context, dependencies);
    const isDrawn = format === "html" || format === "svg";
    const layout = isDrawn ? await readDrawing(dependencies, { locationId, id, plan: reader.plan }) : null;
    const brand = isDrawn ? await brandOf(dependencies, context.get("caller")) : {};
    const date = record.createdAt.toISOString();
    const document = render(gatedReport(record, reader), null, layout, format, { date, brand });
    return context.body(document, 200, documentHeaders(format));
  };
}

/** Of a document that holds a customer's texts: it may run nothing and load nothing. */
export function documentHeaders(format: ReportFormat) {
  return {
    "Content-Type": `${reportFormats[format]}; charset=utf-8`,
    // Plan and brand may change, and a new release may draw it otherwise: always asked for, by entity tag.
    "Cache-Control": "private, no-cache",
    Vary: "Accept",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
  };
}

function formatOf(mediaType: string): ReportFormat {
  return formats.find((format) => reportFormats[format] === mediaType) ?? "json";
}
