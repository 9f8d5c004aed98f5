import type { readQuery } from "@workflow-debugger/shared/contract";
import type { LocationRunRecord } from "@workflow-debugger/shared/db";
import { readerOf } from "../analyses/find.ts";
import { matches } from "../answers/entity-tag.ts";
import { resource } from "../answers/envelope.ts";
import { setHeader } from "../answers/set-header.ts";
import { isFinished, readUntil } from "../changes/read-until.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { foundRun, readRun } from "./find.ts";
import { type RunView, runResource, runTag } from "./run-view.ts";

/** `GET` of a run: the state now, or at its next change of status within `?wait` seconds. */
export function readRunRoute(view: RunView, dependencies: Dependencies) {
  const { database, changes } = dependencies;
  return async function read(context: Validated<"query", typeof readQuery>): Promise<Response> {
    const { wait = 0 } = context.req.valid("query");
    const { locationId } = context.get("caller");
    const id = context.req.param("id") ?? "";
    let first: LocationRunRecord | undefined;
    const status = await readUntil(changes, {
      id,
      seconds: wait,
      context,
      read: () => readRun(database, view, { locationId, id }),
      until(record) {
        first ??= record;
        return isFinished(record) || record.status !== first.status;
      },
    });
    const record = foundRun(view, status);
    const reader = readerOf(context, dependencies);
    if (isFinished(record)) {
      const tag = runTag(record, reader);
      setHeader(context, "ETag", tag);
      setHeader(context, "Cache-Control", "private, no-cache");
      if (matches(context.req.header("if-none-match"), tag)) return context.body(null, 304);
    } else {
      setHeader(context, "Retry-After", "1");
    }
    return resource(context, await runResource(view, record, locationId, reader));
  };
}
