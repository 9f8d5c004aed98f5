import { AppError } from "@workflow-debugger/shared/contract";
import type { AnalysisRecord } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Watch } from "../changes/analysis-changes.ts";
import { isFinished } from "../changes/read-until.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { found, readAnalysis, readerOf } from "./find.ts";
import { analysisResource } from "./resource.ts";

/** `GET /api/analysis/:id/events`: the state now, then each change; the stream closes at the end of the analysis. */
export function streamAnalysisRoute(dependencies: Dependencies) {
  const { database, changes, settings, log } = dependencies;

  return async function stream(context: Context<AppEnv>): Promise<Response> {
    const reader = readerOf(context, dependencies);
    const id = context.req.param("id") ?? "";
    const read = () => readAnalysis(database, { locationId: context.get("caller").locationId, id, report: true });
    const first = found(await read());
    if (context.req.method === "HEAD") return context.body(null, 200, { "Content-Type": "text/event-stream" });
    const watch = changes.watch(id);
    if (watch === null) throw new AppError("UNAVAILABLE", { retryAfter: 5, message: "Too many streams are open." });

    return streamSSE(context, async (events) => {
      using watching: Watch = watch;
      const gone = new AbortController();
      events.onAbort(() => gone.abort());
      let sent: AnalysisRecord | null = null;
      // Read again: the row may have changed between the first reading and the watch.
      for (let record = await readable(read, first); record !== null; record = await readable(read, null)) {
        if (record.status !== sent?.status || record.attempts !== sent.attempts) {
          await events.writeSSE({ event: "status", data: JSON.stringify(analysisResource(record, reader)) });
          sent = record;
        }
        if (isFinished(record)) return;
        let woken = await watching.next(settings.heartbeatMs, gone.signal);
        while (woken === "elapsed") {
          await events.write(": heartbeat\n\n");
          woken = await watching.next(settings.heartbeatMs, gone.signal);
        }
        if (woken === "ended") return;
      }
    });
  };

  /** Without the database the stream just ends: the client connects again and is told the state then. */
  async function readable(read: () => Promise<AnalysisRecord | null>, otherwise: AnalysisRecord | null) {
    return read().catch((error: unknown) => {
      log.warn({ err: error }, "event stream could not read its analysis");
      return otherwise;
    });
  }
}
