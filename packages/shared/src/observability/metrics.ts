import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/**
 * What a process counts for Prometheus. Labels take few values by construction: a route's pattern and never its path, a job's
 * name and never its id; nothing of a tenant is a label.
 */

/** Seconds, from a look-up to the longest poll. */
const REQUEST_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WAIT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 1_800];
const RUN_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A process's metrics, as `/metrics` shows them. */
export interface MetricsPage {
  readonly contentType: string;
  text(): Promise<string>;
}

export interface Metrics extends MetricsPage {
  readonly registry: Registry;
  /** Run before each page: a place for what must be read anew for several metrics at once. */
  readonly beforeText: (() => Promise<void>)[];
}

/** The metrics of Node itself (memory, event-loop lag, garbage collection), with the service as a label on everything. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const beforeText: (() => Promise<void>)[] = [];
  return {
    registry,
    beforeText,
    contentType: registry.contentType,
    async text() {
      await Promise.all(beforeText.map((refresh) => refresh()));
      return registry.metrics();
    },
  };
}

/** Connections of a pool, read when asked for. */
export interface PoolState {
  readonly max: number;
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

export function measurePool({ registry }: Metrics, state: () => PoolState): void {
  new Gauge({
    name: "wd_database_pool_connections",
    help: "Connections of the database pool: max, open, idle; waiting counts callers without one.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      const { max, open, idle, waiting } = state();
      for (const [name, value] of Object.entries({ max, open, idle, waiting })) this.set({ state: name }, value);
    },
  });
}

export interface RequestMetrics {
  /** Counts a request in; the result counts it out again, with the pattern of its route. */
  begin(): (answered: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }) => void;
}

export function requestMetrics({ registry }: Metrics): RequestMetrics {
  const inFlight = new Gauge({
    name: "wd_http_requests_in_flight",
    help: "Requests being answered.",
    registers: [registry],
  });
  const requests = new Counter({
    name: "wd_http_requests_total",
    help: "Requests by route and status.",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "wd_http_request_duration_seconds",
    help: "Time to answer; long polls count with their waiting.",
    labelNames: ["method", "route"],
    buckets: REQUEST_BUCKETS,
    registers: [registry],
  });
  return {
    begin() {
      inFlight.inc();
      return ({ method, route, status, seconds }) => {
        inFlight.dec();
        const known = METHODS.has(method) ? method : "other";
        requests.inc({ method: known, route, status });
        durations.observe({ method: known, route }, seconds);
      };
    },
  };
}

export type JobEnd = "done" | "retry" | "failed";
const JOB_ENDS: readonly JobEnd[] = ["done", "retry", "failed"];

/** What brought rows back that had been lost. */
export interface Recovered {
  readonly workersLost: number;
  readonly jobsLost: number;
  /** Of both, those that became dead letters. */
  readonly dead: number;
}

export interface JobMetrics {
  /** One delivery from the queue. `waitSeconds` is the time from acceptance to the first delivery, null on later ones. */
  delivered(job: string, run: { readonly waitSeconds: number | null }): void;
  ended(job: string, run: { readonly end: JobEnd; readonly runSeconds: number }): void;
  /** Work that failed and is to be tried again, by the queue or by its row. */
  retried(job: string): void;
  recovered(job: string, rows: Recovered): void;
  engineRan(run: { readonly bytes: number; readonly answer: string; readonly seconds: number }): void;
}

export const noJobMetrics: JobMetrics = {
  delivered: () => undefined,
  ended: () => undefined,
  retried: () => undefined,
  recovered: () => undefined,
  engineRan: () => undefined,
};

/** @param jobs their names; every series is there from the start, so that a rate is 0 and not missing. */
export function jobMetrics({ registry }: Metrics, jobs: readonly string[]): JobMetrics {
  const registers = [registry];
  const active = new Gauge({ name: "wd_jobs_active", help: "Jobs running.", labelNames: ["queue"], registers });
  const waits = new Histogram({
    name: "wd_job_wait_seconds",
    help: "Time from acceptance to the first delivery.",
    labelNames: ["queue"],
    buckets: WAIT_BUCKETS,
    registers,
  });
  const runs = new Histogram({
    name: "wd_job_run_seconds",
    help: "Time of one delivery, by how it ended: done, retry, failed.",
    labelNames: ["queue", "outcome"],
    buckets: RUN_BUCKETS,
    registers,
  });
  const retries = new Counter({
    name: "wd_job_retries_total",
    help: "Attempts that failed and are tried again.",
    labelNames: ["queue"],
    registers,
  });
  const recoveries = new Counter({
    name: "wd_reconciler_recovered_total",
    help: "Rows brought back, by what was lost: worker, job; dead counts those given up.",
    labelNames: ["queue", "lost"],
    registers,
  });
  const engineTimes = new Histogram({
    name: "wd_engine_run_seconds",
    help: "Time of the engine, waiting for a thread included, by size of the definition.",
    labelNames: ["size"],
    buckets: RUN_BUCKETS,
    registers,
  });
  const engineAnswers = new Counter({
    name: "wd_engine_runs_total",
    help: "Runs of the engine by answer.",
    labelNames: ["answer"],
    registers,
  });
  for (const job of jobs) {
    active.set({ queue: job }, 0);
    waits.zero({ queue: job });
    for (const outcome of JOB_ENDS) runs.zero({ queue: job, outcome });
    retries.inc({ queue: job }, 0);
    for (const lost of ["worker", "job", "dead"]) recoveries.inc({ queue: job, lost }, 0);
  }
  for (const size of SIZES.map(({ name }) => name)) engineTimes.zero({ size });

  return {
    delivered(job, { waitSeconds }) {
      active.inc({ queue: job });
      if (waitSeconds !== null) waits.observe({ queue: job }, waitSeconds);
    },
    ended(job, { end, runSeconds }) {
      active.dec({ queue: job });
      runs.observe({ queue: job, outcome: end }, runSeconds);
      if (end === "retry") retries.inc({ queue: job });
    },
    retried: (job) => retries.inc({ queue: job }),
    recovered(job, { workersLost, jobsLost, dead }) {
      recoveries.inc({ queue: job, lost: "worker" }, workersLost);
      recoveries.inc({ queue: job, lost: "job" }, jobsLost);
      recoveries.inc({ queue: job, lost: "dead" }, dead);
    },
    engineRan({ bytes, answer, seconds }) {
      engineTimes.observe({ size: sizeOf(bytes) }, seconds);
      engineAnswers.inc({ answer });
    },
  };
}

const SIZES = [
  { name: "under_10kB", below: 10_000 },
  { name: "under_100kB", below: 100_000 },
  { name: "under_1MB", below: 1_000_000 },
  { name: "1MB_and_more", below: Number.POSITIVE_INFINITY },
] as const;

function sizeOf(bytes: number): string {
  return SIZES.find(({ below }) => bytes < below)?.name ?? SIZES[0].name;
}
