import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkout } from "../../local/checkout.ts";
import { exited } from "../../local/processes.ts";
import { audit } from "../harness/audit.ts";
import { call } from "../harness/client.ts";
import { openLedger } from "../harness/ledger.ts";
import { keepSending } from "../harness/load.ts";
import { unpackReleaseBefore } from "../harness/release.ts";
import { both, type FaultRow, settle } from "../harness/row.ts";
import { type Api, startStack } from "../harness/stack.ts";

/** Nothing waits longer for a table that is being changed. */
const SLOWEST_MS = 3_000;

export const rollingDeploy: FaultRow = {
  row: "18",
  fault: "a rolling deploy with a migration: two releases of API and worker side by side",
  backends: both,
  async run({ stack: { backend }, full, random, yardstick }) {
    const release = unpackReleaseBefore();
    if (release.folder === undefined) {
      return { trials: 0, problems: [], remarks: [`NOT RUN: ${release.reason}`] };
    }
    const stack = await startStack(backend, {
      from: release.folder,
      migrateDatabase: (ownerUrl) => runMigrations(release.folder, ownerUrl),
    });
    try {
      const tenants = [await stack.newTenant(), await stack.newTenant()] as const;
      const inRotation: Api[] = [stack.api];
      let turn = 0;
      const ledger = openLedger(() => inRotation[turn++ % inRotation.length]?.url ?? null, tenants);
      const problems: string[] = [];
      const phaseMs = full ? 10_000 : 1_000;

      const stop = keepSending({ ledger, random }, full ? 8 : 4, full ? 10 : 50);
      await sleep(phaseMs);
      await runMigrations(checkout, stack.urls.ownerUrl);
      await sleep(phaseMs);
      const [oldApi] = inRotation;
      const [oldWorker] = stack.workers;
      if (oldApi === undefined || oldWorker === undefined) throw new Error("the old release does not run");
      const newApi = await stack.startApi();
      stack.startWorker();
      inRotation.push(newApi);
      await sleep(2 * phaseMs);

      const ending = oldApi.end("SIGTERM");
      while ((await call(oldApi.url, { path: "/ready" })).status === 200) await sleep(10);
      inRotation.shift();
      const exits = await Promise.all([ending, oldWorker.end("SIGTERM")]);
      for (const { code, signal } of exits)
        if (code !== 0) problems.push(`an old process ended with ${code ?? signal}`);
      stack.use(newApi);
      await sleep(phaseMs);
      await stop();

      if (!(await settle(stack, ledger, 120_000))) problems.push("accepted work has not come to an end");
      const account = await audit(stack.query, ledger);
      const odd = [...ledger.statuses].filter(([status]) => status !== 200 && status !== 202);
      problems.push(...odd.map(([status, times]) => `${times} answers were ${status}`));
      problems.push(...account.forbidden.map((step) => `a state went ${step}`));
      problems.push(...ledger.slow.flatMap(({ ms, at }) => yardstick.tooLong("an answer", ms, SLOWEST_MS, at)));
      return {
        trials: 1,
        accounts: [account],
        problems,
        remarks: [
          `from commit ${release.commit.slice(0, 7)} to this one; slowest answer ${Math.round(ledger.slowestMs())} ms`,
        ],
      };
    } finally {
      await stack.stop();
      release.remove();
    }
  },
};

/** The migrate command of a release, as its own process. */
async function runMigrations(from: string, ownerUrl: string): Promise<void> {
  const child = spawn(process.execPath, [join(from, "services/worker/src/migrate.ts")], {
    cwd: from,
    env: { PATH: process.env["PATH"], NODE_ENV: "production", LOG_LEVEL: "warn", DATABASE_URL: ownerUrl },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const { code } = await exited(child);
  if (code !== 0) throw new Error(`the migrations of ${from} ended with ${code}`);
}
