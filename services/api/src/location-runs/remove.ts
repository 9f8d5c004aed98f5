import { deleteLocationRun } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { foundRun } from "./find.ts";
import type { RunView } from "./run-view.ts";

/** `DELETE` of a run: an unfinished one is canceled, a finished one removed. */
export function removeRunRoute(view: RunView, { database }: Pick<Dependencies, "database">) {
  return async function remove(context: Context<AppEnv>): Promise<Response> {
    const { locationId, actor } = context.get("caller");
    const wanted = { locationId, kind: view.kind, id: context.req.param("id") ?? "" };
    const outcome = await deleteLocationRun(database, { ...wanted, actor, requestId: context.get("requestId") });
    if (outcome === "notFound") foundRun(view, null);
    return context.body(null, 204);
  };
}
