import { describe, expect, test } from "vitest";
import { createMetrics, jobMetrics, type Metrics, measurePool, registerSystemGauges, requestMetrics } from "./index.ts";

/** The page with the labels of each line in the order of their names. */
async function pageOf(metrics: Metrics): Promise<string> {
  const sorted = (labels: string) => `{${labels.split(/,(?=\w+=)/).sort().join(",")}}`; // biome-ignore format: one thought
  return (await metrics.text()).replace(/\{(.*)\}/g, (_, labels: string) => sorted(labels));
}
const seriesOf = (page: string, name: string) => page.split("\n").filter((line) => line.startsWith(`${name}{`));

describe("metrics", () => {
  test("count requests by route, method and status, and time them", async () => {
    const metrics = createMetrics("api");
    const requests = requestMetrics(metrics);
    const answered = requests.begin();
    expect(await pageOf(metrics)).toContain('wd_http_requests_in_flight{service="api"} 1');
    answered({ method: "GET", route: "/api/analysis/:id", status: 200, seconds: 0.003 });
    const page = await pageOf(metrics);
    const labels = 'method="GET",route="/api/analysis/:id",service="api"';
    expect(page).toContain(`wd_http_requests_total{${labels},status="200"} 1`);
    expect(page).toContain(`wd_http_request_duration_seconds_bucket{le="0.005",${labels}} 1`);
    expect(page).toContain('wd_http_requests_in_flight{service="api"} 0');
  });

  test("keep methods that clients make up out of the labels", async () => {
    const metrics = createMetrics("api");
    const requests = requestMetrics(metrics);
    for (let number = 0; number < 100; number += 1)
      requests.begin()({ method: `X${number}`, route: "unmatched", status: 404, seconds: 0 });
    const series = seriesOf(await pageOf(metrics), "wd_http_requests_total");
    expect(series).toEqual(['wd_http_requests_total{method="other",route="unmatched",service="api",status="404"} 100']);
  });

  test("have every series of the jobs from the start, so that a rate is 0 and not missing", async () => {
    const metrics = createMetrics("worker");
    jobMetrics(metrics, ["analysis"]);
    const page = await pageOf(metrics);
    for (const name of ["wd_job_retries_total", "wd_jobs_active", "wd_job_wait_seconds_count"])
      expect(page).toContain(`${name}{queue="analysis",service="worker"} 0`);
    expect(seriesOf(page, "wd_reconciler_recovered_total")).toHaveLength(3);
    expect(seriesOf(page, "wd_job_run_seconds_count")).toHaveLength(3);
    expect(seriesOf(page, "wd_engine_run_seconds_count")).toHaveLength(4);
  });

  test("tell the life of a job: wait, run, retry, recovery, and the engine's time by size", async () => {
    const metrics = createMetrics("worker");
    const jobs = jobMetrics(metrics, ["analysis"]);
    jobs.delivered("analysis", { waitSeconds: 0.2 });
    expect(await pageOf(metrics)).toContain('wd_jobs_active{queue="analysis",service="worker"} 1');
    jobs.ended("analysis", { end: "retry", runSeconds: 1.5 });
    jobs.delivered("analysis", { waitSeconds: null });
    jobs.ended("analysis", { end: "done", runSeconds: 0.1 });
    jobs.retried("analysis");
    jobs.recovered("analysis", { workersLost: 2, jobsLost: 1, dead: 1 });
    jobs.engineRan({ bytes: 50_000, answer: "report", seconds: 0.02 });
    const page = await pageOf(metrics);
    for (const line of [
      'wd_jobs_active{queue="analysis",service="worker"} 0',
      'wd_job_wait_seconds_count{queue="analysis",service="worker"} 1',
      'wd_job_run_seconds_count{outcome="retry",queue="analysis",service="worker"} 1',
      'wd_job_run_seconds_sum{outcome="done",queue="analysis",service="worker"} 0.1',
      'wd_job_retries_total{queue="analysis",service="worker"} 2',
      'wd_reconciler_recovered_total{lost="worker",queue="analysis",service="worker"} 2',
      'wd_reconciler_recovered_total{lost="dead",queue="analysis",service="worker"} 1',
      'wd_engine_run_seconds_count{service="worker",size="under_100kB"} 1',
      'wd_engine_runs_total{answer="report",service="worker"} 1',
    ])
      expect(page).toContain(line);
  });

  test("hold the pool's connections and the event loop's lag", async () => {
    const metrics = createMetrics("api");
    measurePool(metrics, () => ({ max: 10, open: 4, idle: 3, waiting: 2 }));
    const page = await pageOf(metrics);
    expect(seriesOf(page, "wd_database_pool_connections").map((line) => line.split("} ")[1])).toEqual([
      "10",
      "4",
      "3",
      "2",
    ]);
    expect(page).toContain("nodejs_eventloop_lag_p99_seconds");
  });
});

describe("the installation's gauges", () => {
  const queue = { job: "analysis", waiting: 12, active: 4, delayed: 1, dead: 2, oldestWaitingMs: 1_500 };

  test("are read anew for each page, and are whole on it", async () => {
    const metrics = createMetrics("api");
    let waiting = 12;
    registerSystemGauges(metrics, async () => ({
      queues: [{ ...queue, waiting, pausedAt: new Date() }],
      workers: [
        { concurrency: 4, active: 1 },
        { concurrency: 2, active: 0 },
      ],
      findings: [{ name: "limbo", violations: 0, ageMs: 5_000 }],
    }));
    const page = await pageOf(metrics);
    for (const line of [
      'wd_database_up{service="api"} 1',
      'wd_queue_waiting{queue="analysis",service="api"} 12',
      'wd_queue_waiting_per_slot{queue="analysis",service="api"} 2',
      'wd_queue_oldest_waiting_seconds{queue="analysis",service="api"} 1.5',
      'wd_queue_paused{queue="analysis",service="api"} 1',
      'wd_dead_letters{queue="analysis",service="api"} 2',
      'wd_workers_alive{service="api"} 2',
      'wd_invariant_violations{invariant="limbo",service="api"} 0',
      'wd_auditor_age_seconds{service="api"} 5',
    ])
      expect(page).toContain(line);
    waiting = 0;
    expect(await pageOf(metrics)).toContain('wd_queue_waiting{queue="analysis",service="api"} 0');
  });

  test("are left out rather than stale while the database is away, which has a gauge of its own", async () => {
    const metrics = createMetrics("api");
    let away = false;
    registerSystemGauges(metrics, async () =>
      away ? null : { queues: [{ ...queue, pausedAt: null }], workers: [], findings: [] },
    );
    await pageOf(metrics);
    away = true;
    const page = await pageOf(metrics);
    expect(page).toContain('wd_database_up{service="api"} 0');
    expect(seriesOf(page, "wd_queue_waiting")).toEqual([]);
    expect(seriesOf(page, "wd_workers_alive")).toEqual([]);
  });
});
