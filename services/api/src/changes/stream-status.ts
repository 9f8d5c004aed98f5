import { AppError } from "@workflow-debugger/shared/contract";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { isFinished, type Tracked } from "./read-until.ts";

/**
 * Answers with an event stream: event `status` with the state now, then with each change; it closes at the end of the
 * work. Without the database the stream just ends: the client connects again and is told the state then.
 */
export async function streamStatus<Row extends Tracked>(
  context: Context<AppEnv>,
  {
    id,
    first,
    read,
    stateOf,
    show,
  }: {
    readonly id: string;
    readonly first: Row;
    readonly read: () => Promise<Row | null>;
    /** What makes two readings of the row two events. */
    readonly stateOf: (row: Row) => string;
    /** The data of its event: JSON text. */
    readonly show: (row: Row) => string | Promise<string>;
  },
  { changes, settings, log }: Pick<Dependencies, "changes" | "settings" | "log">,
): Promise<Response> {
  if (context.req.method === "HEAD") return context.body(null, 200, { "Content-Type": "text/event-stream" });
  const watch = changes.watch(id);
  if (watch === null) throw new AppError("UNAVAILABLE", { retryAfter: 5, message: "Too many streams are open." });

  return streamSSE(context, async (events) => {
    using watching = watch;
    const gone = new AbortController();
    events.onAbort(() => gone.abort());
    let told: string | null = null;
    const tell = async (row: Row) => {
      const state = stateOf(row);
      if (state !== told) await events.writeSSE({ event: "status", data: await show(row) });
      told = state;
    };
    await tell(first);
    if (isFinished(first)) return;
    // Read again at once: the row may have changed between the first reading and the watch.
    for (let row = await readable(); row !== null; row = await readable()) {
      await tell(row);
      if (isFinished(row)) return;
      let woken = await watching.next(settings.heartbeatMs, gone.signal);
      while (woken === "elapsed") {
        await events.write(": heartbeat\n\n");
        woken = await watching.next(settings.heartbeatMs, gone.signal);
      }
      if (woken === "ended") return;
    }
  });

  async function readable(): Promise<Row | null> {
    return read().catch((error: unknown) => {
      log.warn({ err: error }, "an event stream could not read its row");
      return null;
    });
  }
}
