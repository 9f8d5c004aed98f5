import type { JobMetrics, Tracing } from "@workflow-debugger/shared/observability";
import type { EnginePool } from "./engine-pool.ts";

/** The same pool, whose runs are counted by size and answer, and stand in the trace of their job: the wait for a thread, and what the thread did. */
export function measuredPool(
  pool: EnginePool,
  { metrics, tracing }: { readonly metrics: JobMetrics; readonly tracing: Tracing },
): EnginePool {
  type Answered = { readonly answer: string } | { readonly startedAt: number; readonly durationMs: number };
  function measured<Outcome extends Answered & { readonly answer: string }>(
    bytes: number,
    run: () => Promise<Outcome>,
  ): Promise<Outcome> {
    return tracing.span("engine", { kind: "internal", attributes: { "workflow.bytes": bytes } }, async (span) => {
      const start = performance.now();
      const outcome = await run();
      metrics.engineRan({ bytes, answer: outcome.answer, seconds: (performance.now() - start) / 1_000 });
      if ("startedAt" in outcome) {
        const { startedAt, durationMs } = outcome;
        tracing.record("engine thread", { startedAt, endedAt: startedAt + durationMs });
      } else {
        span.fail(outcome.answer);
      }
      return outcome;
    });
  }

  return {
    // The sizes are read now: the bytes move to the thread.
    run: (task, signal) => measured(task.definition.byteLength, () => pool.run(task, signal)),
    runLocation: (task, signal) =>
      measured(
        task.definitions.reduce((sum, { byteLength }) => sum + byteLength, 0),
        () => pool.runLocation(task, signal),
      ),
    close: () => pool.close(),
  };
}
