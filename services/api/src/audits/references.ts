import type { LocationReference } from "@workflow-debugger/engine/report";
import { AppError, type referencesQuery } from "@workflow-debugger/shared/contract";
import { page } from "../answers/envelope.ts";
import type { Dependencies } from "../dependencies.ts";
import { completedRun, readRun } from "../location-runs/find.ts";
import type { RunView } from "../location-runs/run-view.ts";
import type { Validated } from "../middleware/validated.ts";
import { storedPart } from "./audit.ts";

/** `GET /api/audit/:id/references`: who writes and who reads what fits the query. */
export function listReferencesRoute(view: RunView, dependencies: Dependencies) {
  return async function listReferences(context: Validated<"query", typeof referencesQuery>): Promise<Response> {
    const { kind, name } = context.req.valid("query");
    const { locationId, plan } = context.get("caller");
    const run = { locationId, id: context.req.param("id") ?? "" };
    completedRun(view, await readRun(dependencies.database, view, run));
    if (plan !== "pro") {
      throw new AppError("PLAN_REQUIRED", { message: "Find all references comes with the Pro plan." });
    }
    const wanted = name?.toLowerCase();
    const references = await storedPart<readonly LocationReference[]>(dependencies, run, "references");
    const fitting = references.filter(
      (one) =>
        (kind === undefined || one.kind === kind) &&
        (wanted === undefined || one.id.toLowerCase() === wanted || one.name.toLowerCase() === wanted),
    );
    return page(context, fitting, { limit: fitting.length, nextCursor: null });
  };
}
