import { AppError } from "@workflow-debugger/shared/contract";
import { type Database, deleteAnalysis } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import type { AppEnv } from "../dependencies.ts";

/** `DELETE /api/analysis/:id`: an unfinished analysis is canceled, a finished one removed. */
export function removeAnalysisRoute({ database }: { readonly database: Database }) {
  return async function remove(context: Context<AppEnv>): Promise<Response> {
    const { locationId, actor } = context.get("caller");
    const id = context.req.param("id") ?? "";
    const outcome = await deleteAnalysis(database, { locationId, id, actor, requestId: context.get("requestId") });
    if (outcome === "notFound") throw new AppError("NOT_FOUND", { message: "There is no analysis with this id." });
    return context.body(null, 204);
  };
}
