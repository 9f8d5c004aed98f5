import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeThrowAwayFolder } from "../../local/server-folder.ts";
import { type Account, audit } from "../harness/audit.ts";
import { openLedger } from "../harness/ledger.ts";
import { crashed, keepSending, pids, recoveriesUnderLoad, untilAccepted } from "../harness/load.ts";
import { both, type FaultRow, settle, type Trial } from "../harness/row.ts";
import { startFaultyPostgres } from "../harness/servers.ts";
import { startStack } from "../harness/stack.ts";
import { RECOVERY_MS } from "./database-away.ts";

export const databaseReadOnly: FaultRow = {
  row: "19",
  fault: "read-only database, and a full disk (a small tmpfs where mounting is allowed)",
  backends: both,
  async run(trial) {
    const { ledger, full } = trial;
    const before = pids(trial);
    const siege = { times: full ? 3 : 1, lanes: 8, restMs: 20, warmUpMs: 300 };
    const inTime = await recoveriesUnderLoad(trial, siege, async () => {
      await readOnly(trial, true);
      await sleep(full ? 5_000 : 1_500);
      await readOnly(trial, false);
    });
    const problems = [...crashed(trial, before), ...notFelt(ledger.statuses)];
    const disk = await fillDisk(trial);
    problems.push(...disk.problems);
    const recoveries = [...inTime, ...disk.recoveries];
    if (Math.max(...recoveries) > RECOVERY_MS) problems.push("the pool took more than 5 s to recover");
    return {
      trials: recoveries.length,
      recoveryMs: Math.max(...recoveries),
      accounts: disk.accounts,
      problems,
      remarks: disk.remarks,
    };
  },
};

function notFelt(statuses: ReadonlyMap<number, number>): readonly string[] {
  return [503, 429].filter((status) => !statuses.has(status)).map((status) => `nobody was answered ${status}`);
}

async function readOnly({ stack }: Trial, on: boolean): Promise<void> {
  await stack.query(`alter database faults set default_transaction_read_only = ${on ? "on" : "off"}`);
  // Sessions take the setting over when they begin. The superuser's own may write.
  await stack.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'faults' and usename in ('wd_api', 'wd_worker')",
  );
}

interface DiskFinding {
  readonly accounts: readonly Account[];
  readonly problems: readonly string[];
  readonly recoveries: readonly number[];
  readonly remarks: readonly string[];
}

/** A stack of its own whose database lies on a disk of 400 MB, which is filled to the last byte and emptied again. */
async function fillDisk({ stack, random, yardstick }: Trial): Promise<DiskFinding> {
  const folder = makeThrowAwayFolder();
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=400m,mode=0711", "tmpfs", folder], {
    encoding: "utf8",
  });
  if (mounted.status !== 0) {
    const reason = mounted.error?.message ?? mounted.stderr.trim();
    return {
      problems: [],
      accounts: [],
      recoveries: [],
      remarks: [`full disk NOT RUN: no tmpfs can be mounted here (${reason})`],
    };
  }
  try {
    const small = await startStack(stack.backend, { postgres: await startFaultyPostgres(folder) });
    try {
      const tenants = [await small.newTenant(), await small.newTenant()] as const;
      const ledger = openLedger(() => small.api.url, tenants);
      const trial: Trial = { stack: small, ledger, tenants, full: false, random, yardstick };
      const before = pids(trial);
      const stop = keepSending(trial, 8, 5);
      await sleep(500);
      const filler = join(folder, "filler");
      fill(filler);
      // Space that is allocated already is written to first.
      const deadline = performance.now() + 60_000;
      while (!ledger.statuses.has(503) && performance.now() < deadline) {
        fill(filler);
        await sleep(100);
      }
      await sleep(1_500);
      const wasFull = !small.api.running ? "the API ended" : null;
      spawnSync("rm", ["-f", filler, ...Array.from({ length: 400 }, (_, number) => `${filler}-${number}`)]);
      // A server without room for its log stops itself; whoever watches over it starts it again.
      await small.postgres.restartIfEnded();
      const recovery = await untilAccepted(trial);
      await stop();
      const settled = await settle(small, ledger, 120_000);
      const problems = [
        ...crashed(trial, before),
        ...(wasFull === null ? [] : [wasFull]),
        ...(ledger.statuses.has(503) ? [] : ["the full disk was not felt"]),
        ...(settled ? [] : ["accepted work has not come to an end"]),
        ...ledger.broken.slice(0, 5),
      ];
      const account = await audit(small.query, ledger);
      return {
        problems,
        accounts: [account],
        recoveries: [recovery],
        remarks: [
          `full disk: ${account.accepted} accepted, ${account.finished} finished, ${ledger.statuses.get(503)} answered 503`,
        ],
      };
    } finally {
      await small.stop();
    }
  } finally {
    spawnSync("umount", ["-l", folder]);
  }
}

/** Writes until there is no room left. */
function fill(file: string): void {
  const block = Buffer.alloc(1_000_000);
  for (let number = 0; number < 400; number += 1) {
    try {
      writeFileSync(`${file}-${number}`, block, { flag: "a" });
    } catch {
      // What is left is less than a block.
      try {
        writeFileSync(file, Buffer.alloc(4_096), { flag: "a" });
      } catch {
        return;
      }
    }
  }
}
