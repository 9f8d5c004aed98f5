import { Gauge } from "prom-client";
import type { Metrics } from "./metrics.ts";

/** The whole installation at one moment, as the database tells it. */
export interface SystemState {
  readonly queues: readonly {
    readonly job: string;
    readonly waiting: number;
    readonly active: number;
    readonly delayed: number;
    readonly dead: number;
    readonly oldestWaitingMs: number | null;
    readonly pausedAt: Date | null;
  }[];
  readonly workers: readonly { readonly concurrency: number; readonly active: number }[];
  readonly findings: readonly { readonly name: string; readonly violations: number; readonly ageMs: number }[];
}

/**
 * Gauges of the whole installation: every process that offers them says the same, so that queries take the maximum. Read
 * anew for each page; without the database (`read` gives null) `wd_database_up` is 0 and the others are left out.
 */
export function registerSystemGauges({ registry, beforeText }: Metrics, read: () => Promise<SystemState | null>): void {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const waiting = gauge("wd_queue_waiting", "Rows that are due and not taken yet.", "queue");
  const active = gauge("wd_queue_active", "Rows being worked on.", "queue");
  const delayed = gauge("wd_queue_delayed", "Rows whose next attempt is due later.", "queue");
  const oldest = gauge("wd_queue_oldest_waiting_seconds", "Age of the oldest row that is due and waits.", "queue");
  const perSlot = gauge(
    "wd_queue_waiting_per_slot",
    "Rows that wait for each job that living workers can run.",
    "queue",
  );
  const paused = gauge("wd_queue_paused", "1: an operator paused the queue.", "queue");
  const dead = gauge("wd_dead_letters", "Work that needs a person.", "queue");
  const workers = gauge("wd_workers_alive", "Workers whose heartbeat is fresh.");
  const slots = gauge("wd_workers_slots", "Analyses that living workers can run at a time.");
  const violations = gauge("wd_invariant_violations", "What the auditor found broken; must be 0.", "invariant");
  const audited = gauge("wd_auditor_age_seconds", "Time since the auditor's last pass.");
  const all = [waiting, active, delayed, oldest, perSlot, paused, dead, workers, slots, violations, audited];

  const up = gauge("wd_database_up", "1: the database answers.");
  beforeText.push(async () => {
    const state = await read();
    up.set(state === null ? 0 : 1);
    for (const each of all) each.reset();
    if (state === null) for (const each of [workers, slots, audited]) each.remove();
    else show(state);
  });

  function show({ queues, workers: alive, findings }: SystemState): void {
    const places = alive.reduce((sum, { concurrency }) => sum + concurrency, 0);
    workers.set(alive.length);
    slots.set(places);
    for (const { job, ...rows } of queues) {
      waiting.set({ queue: job }, rows.waiting);
      active.set({ queue: job }, rows.active);
      delayed.set({ queue: job }, rows.delayed);
      dead.set({ queue: job }, rows.dead);
      oldest.set({ queue: job }, (rows.oldestWaitingMs ?? 0) / 1_000);
      perSlot.set({ queue: job }, rows.waiting / Math.max(1, places));
      paused.set({ queue: job }, rows.pausedAt === null ? 0 : 1);
    }
    for (const { name, violations: found } of findings) violations.set({ invariant: name }, found);
    const ages = findings.map(({ ageMs }) => ageMs);
    if (ages.length > 0) audited.set(Math.max(...ages) / 1_000);
    else audited.remove();
  }
}
