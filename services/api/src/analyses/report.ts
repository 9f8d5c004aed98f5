import { render } from "@workflow-debugger/engine/report";
import { AppError, type ReportFormat, reportFormats, type reportQuery } from "@workflow-debugger/shared/contract";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { found, readAnalysis, readerOf } from "./find.ts";
import { gatedReport } from "./resource.ts";

/** Formats that can be made today. */
const built = ["json", "md", "sarif"] as const;
type BuiltFormat = (typeof built)[number];
const isBuilt = (format: ReportFormat): format is BuiltFormat => built.some((name) => name === format);
export const reportMediaTypes = [reportFormats.json, reportFormats.md, reportFormats.sarif] as const;

/** `GET /api/analysis/:id/report`: the report as a document, in the format of `?format=`, else of `Accept`. */
export function readReportRoute(dependencies: Dependencies) {
  return async function readReport(context: Validated<"query", typeof reportQuery>): Promise<Response> {
    const { format = formatOf(context.get("mediaType")) } = context.req.valid("query");
    const { locationId } = context.get("caller");
    const id = context.req.param("id") ?? "";
    const record = found(await readAnalysis(dependencies.database, { locationId, id, report: true }));
    if (!isBuilt(format)) {
      throw new AppError("NOT_ACCEPTABLE", { message: `The formats of a report are ${built.join(", ")}.` });
    }
    if (record.status !== "completed") {
      throw new AppError("CONFLICT", { message: `This analysis is ${record.status} and has no report.` });
    }
    const report = gatedReport(record, readerOf(context, dependencies));
    return context.body(render(report, null, null, format), 200, {
      "Content-Type": `${reportFormats[format]}; charset=utf-8`,
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    });
  };
}

function formatOf(mediaType: string): ReportFormat {
  return built.find((format) => reportFormats[format] === mediaType) ?? "json";
}
