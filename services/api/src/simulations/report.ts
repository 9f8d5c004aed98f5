import { renderTrace } from "@workflow-debugger/engine/report";
import { reportFormats, type traceQuery } from "@workflow-debugger/shared/contract";
import { documentHeaders } from "../analyses/report.ts";
import type { Dependencies } from "../dependencies.ts";
import { completedRun, readRun } from "../location-runs/find.ts";
import type { RunView } from "../location-runs/run-view.ts";
import type { Validated } from "../middleware/validated.ts";
import { brandOf } from "../settings/brand.ts";
import { storedTrace } from "./simulation.ts";

const formats = ["json", "md", "html"] as const;

/** `GET /api/simulate/:id/report`: the trace as a document, in the format of `?format=`, else of `Accept`. */
export function readTraceRoute(view: RunView, dependencies: Dependencies) {
  return async function readTrace(context: Validated<"query", typeof traceQuery>): Promise<Response> {
    const wanted = formats.find((one) => reportFormats[one] === context.get("mediaType"));
    const { format = wanted ?? "json" } = context.req.valid("query");
    const caller = context.get("caller");
    const run = { locationId: caller.locationId, id: context.req.param("id") ?? "" };
    const { createdAt } = completedRun(view, await readRun(dependencies.database, view, run));
    const trace = await storedTrace(dependencies, run);
    const brand = format === "html" ? await brandOf(dependencies, caller) : {};
    const document = renderTrace(trace, format, { brand, date: createdAt.toISOString() });
    return context.body(document, 200, documentHeaders(format));
  };
}
