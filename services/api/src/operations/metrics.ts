import type { Context } from "hono";
import type { AppEnv, Dependencies } from "../dependencies.ts";

/** `GET /metrics`: Prometheus text. */
export function readMetricsRoute({ metrics }: Pick<Dependencies, "metrics">) {
  return async function readMetrics(context: Context<AppEnv>): Promise<Response> {
    return context.body(await metrics.page.text(), 200, {
      "Content-Type": metrics.page.contentType,
      "Cache-Control": "no-store",
    });
  };
}
