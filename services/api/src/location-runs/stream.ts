import type { LocationRunRecord } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { readerOf } from "../analyses/find.ts";
import { streamStatus } from "../changes/stream-status.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { foundRun, readRun } from "./find.ts";
import { type RunView, runResource } from "./run-view.ts";

/** `GET` of a run's events: the state now, then each change and its progress; the stream closes at its end. */
export function streamRunRoute(view: RunView, dependencies: Dependencies) {
  return async function stream(context: Context<AppEnv>): Promise<Response> {
    const reader = readerOf(context, dependencies);
    const { locationId } = context.get("caller");
    const id = context.req.param("id") ?? "";
    const read = () => readRun(dependencies.database, view, { locationId, id });
    const rows = {
      id,
      first: foundRun(view, await read()),
      read,
      stateOf: ({ status, attempts, done }: LocationRunRecord) => `${status} ${attempts} ${done}`,
      show: async (record: LocationRunRecord) => JSON.stringify(await runResource(view, record, locationId, reader)),
    };
    return streamStatus(context, rows, dependencies);
  };
}
