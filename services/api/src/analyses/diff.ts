import { gateDiff, renderComparison } from "@workflow-debugger/engine/report";
import { AppError, type diffQuery } from "@workflow-debugger/shared/contract";
import type { AnalysisRecord } from "@workflow-debugger/shared/db";
import { resource } from "../answers/envelope.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { brandOf } from "../settings/brand.ts";
import { found, readAnalysis, readerOf } from "./find.ts";
import { documentHeaders } from "./report.ts";
import { storedReport } from "./resource.ts";

export const diffMediaTypes = ["application/json", "text/html"] as const;

/** `GET /api/analysis/:id/diff?against=:other`: what is new in this analysis, fixed and unchanged since the other one. */
export function readDiffRoute(dependencies: Dependencies) {
  return async function readDiff(context: Validated<"query", typeof diffQuery>): Promise<Response> {
    const { against, format } = context.req.valid("query");
    const { locationId } = context.get("caller");
    const { database } = dependencies;
    const read = async (id: string) => found(await readAnalysis(database, { locationId, id, report: true }));
    const [after, before] = await Promise.all([read(context.req.param("id") ?? ""), read(against)]);
    for (const record of [after, before]) refuseUncompleted(record);
    const { plan, checkoutUrl } = readerOf(context, dependencies);
    const difference = gateDiff(storedReport(before), storedReport(after), plan, { checkoutUrl });
    if (format === "html" || (format === undefined && context.get("mediaType") === "text/html")) {
      const brand = await brandOf(dependencies, context.get("caller"));
      const page = renderComparison(difference, { date: after.createdAt.toISOString(), brand });
      return context.body(page, 200, documentHeaders("html"));
    }
    return resource(context, difference);
  };
}

function refuseUncompleted({ id, status }: AnalysisRecord): void {
  if (status === "completed") return;
  throw new AppError("CONFLICT", { message: `The analysis ${id} is ${status}; only completed ones can be compared.` });
}
