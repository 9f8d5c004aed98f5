import { setTimeout as sleep } from "node:timers/promises";
import { auditInvariants, openDatabase } from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";
import { type Account, audit, countOpen } from "./audit.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import type { Backend, Stack, Tenant } from "./stack.ts";
import type { Yardstick } from "./yardstick.ts";

/** A fault, and what is done to the running system to prove that it does no harm. */
export interface FaultRow {
  /** Its number in the table of faults; letters for those beyond it. */
  readonly row: string;
  readonly fault: string;
  readonly backends: readonly Backend[];
  run(trial: Trial): Promise<Finding>;
}

export interface Trial {
  readonly stack: Stack;
  readonly ledger: Ledger;
  /** Nobody else's in this trial. */
  readonly tenants: readonly [Tenant, Tenant];
  readonly full: boolean;
  readonly yardstick: Yardstick;
  /** From 0 to 1, the same on every run with the same seed. */
  readonly random: () => number;
}

export interface Finding {
  /** How often the fault was injected. */
  readonly trials: number;
  /** Worst time from the fault's end (or, where it has none, from the fault) to work going on. Milliseconds. */
  readonly recoveryMs?: number | null;
  /** The same, for what is known only when all accepted work has ended. */
  readonly recoveryOf?: () => Promise<number | null>;
  /** What did not hold, as far as it is known only then. */
  readonly problemsOf?: () => Promise<readonly string[]>;
  /** Of stacks that the row started for itself. */
  readonly accounts?: readonly Account[];
  /** What did not hold. */
  readonly problems: readonly string[];
  /** Analyses for which `failed` is the right end. */
  readonly mayFail?: ReadonlySet<string>;
  /** Figures worth a line under the table. */
  readonly remarks?: readonly string[];
}

export interface Outcome {
  readonly row: string;
  readonly fault: string;
  readonly backend: Backend | "both" | "none";
  readonly trials: number;
  readonly accepted: number | null;
  readonly finished: number | null;
  readonly lost: number | null;
  readonly duplicated: number | null;
  readonly recoveryMs: number | null;
  readonly seconds: number;
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
  readonly full: boolean;
  /** How many times slower than alone the machine was, in the mean; null where it was not measured. */
  readonly slowdown: number | null;
}

export const both: readonly Backend[] = ["postgres", "redis"];

const log = createLogger({ service: "faults", environment: "test", level: "silent", pretty: false });

/** What a row reports of processes that were asked to end: how long each took, in milliseconds. */
export function longestExit(exits: readonly number[]): Pick<Finding, "recoveryMs" | "remarks"> {
  const ms = Math.max(...exits);
  return { recoveryMs: ms, remarks: [`longest from SIGTERM to exit 0: ${Math.round(ms)} ms`] };
}

export interface Extent {
  readonly full: boolean;
  readonly seed: number;
  readonly yardstick: Yardstick;
}

/** A fault that has been injected, and the account that is still to be held. */
export interface Injected {
  readonly problems: readonly string[];
  /** Waits until all that was accepted has ended, and counts. */
  account(): Promise<Outcome>;
}

/** Injects a row's fault into a sound stack, and leaves the stack sound. */
export async function injectRow(row: FaultRow, stack: Stack, extent: Extent): Promise<Injected> {
  const { full, seed, yardstick } = extent;
  const start = performance.now();
  await stack.heal();
  const tenants = [await stack.newTenant(), await stack.newTenant()] as const;
  const ledger = openLedger(() => (stack.api.running ? stack.api.url : null), tenants);
  const given = { stack, ledger, tenants, full, yardstick, random: randomFrom(seed) };
  const finding = await row.run(given).catch(
    (error: unknown): Finding => ({
      trials: 0,
      problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    }),
  );
  await stack.heal();
  const problems = [...new Set([...finding.problems, ...ledger.broken])].slice(0, 10);
  const end = performance.now();
  const injectionSeconds = (end - start) / 1_000;

  async function account(): Promise<Outcome> {
    const waitingSince = performance.now();
    const settled = await settle(stack, ledger, full ? 900_000 : 90_000);
    const seconds = injectionSeconds + (performance.now() - waitingSince) / 1_000;
    const own = await audit(stack.query, ledger, finding.mayFail);
    const accounts = [own, ...(finding.accounts ?? [])];
    const sum = (of: "accepted" | "finished" | "lost" | "duplicated") =>
      accounts.reduce((total, account) => total + account[of], 0);
    const [lost, duplicated] = [sum("lost"), sum("duplicated")];
    return {
      row: row.row,
      fault: row.fault,
      backend: stack.backend,
      trials: finding.trials,
      accepted: sum("accepted"),
      finished: sum("finished"),
      lost,
      duplicated,
      recoveryMs: finding.recoveryMs ?? (await finding.recoveryOf?.()) ?? null,
      seconds,
      problems: [
        ...problems,
        ...((await finding.problemsOf?.()) ?? []),
        ...(settled ? [] : ["accepted work has not come to an end"]),
        ...accounts.flatMap(({ forbidden }) => forbidden).map((step) => `a state went ${step}`),
        ...(await brokenInvariants(stack)),
        ...(lost > 0 ? [`${lost} lost`] : []),
        ...(duplicated > 0 ? [`${duplicated} duplicated`] : []),
      ],
      remarks: finding.remarks ?? [],
      full,
      slowdown: yardstick.meanSlowdown(start, end),
    };
  }
  return { problems, account };
}

/** Waits until none of the accepted work is open. */
export async function settle({ query }: Stack, ledger: Ledger, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while ((await countOpen(query, ledger)) > 0) {
    if (performance.now() > deadline) return false;
    await sleep(100);
  }
  return true;
}

async function brokenInvariants({ urls }: Stack): Promise<readonly string[]> {
  const database = openDatabase({ url: urls.workerUrl, maxConnections: 1, applicationName: "fault audit", log });
  try {
    const { lostAccepted, effects, unfenced } = await auditInvariants(database, { openForMs: 600_000 });
    return Object.entries({ lostAccepted, effects, unfenced })
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `the auditor counts ${count} ${name}`);
  } finally {
    await database.close();
  }
}

/** mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
