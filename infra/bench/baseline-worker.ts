/** A bare BullMQ worker whose job does one UPDATE and one INSERT. */
import { openBaselinePool, openBaselineWorker } from "./baseline-parts.ts";

const pool = openBaselinePool();
openBaselineWorker(async ({ id }) => {
  await pool.query({
    name: "finish",
    text: "update bench_jobs set status = 'completed', finished_at = now() where id = $1",
    values: [id],
  });
  await pool.query({
    name: "result",
    text: "insert into bench_results (job_id, report) values ($1, $2)",
    values: [id, '{"score":100}'],
  });
});
