import type { JobMetrics, Tracing } from "@workflow-debugger/shared/observability";
import type { EnginePool } from "./engine-pool.ts";

/** The same pool, whose runs are counted by size and answer, and stand in the trace of their job: the wait for a thread, and what the thread did. */
export function measuredPool(
  pool: EnginePool,
  { metrics, tracing }: { readonly metrics: JobMetrics; readonly tracing: Tracing },
): EnginePool {
  return {
    run(task, signal) {
      // Read now: the bytes move to the thread.
      const bytes = task.definition.byteLength;
      return tracing.span("engine", { kind: "internal", attributes: { "workflow.bytes": bytes } }, async (span) => {
        const start = performance.now();
        const outcome = await pool.run(task, signal);
        metrics.engineRan({ bytes, answer: outcome.answer, seconds: (performance.now() - start) / 1_000 });
        if (outcome.answer === "report") {
          const { startedAt, durationMs } = outcome;
          tracing.record("engine thread", { startedAt, endedAt: startedAt + durationMs });
        } else {
          span.fail(outcome.answer);
        }
        return outcome;
      });
    },
    close: () => pool.close(),
  };
}
