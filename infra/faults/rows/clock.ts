import { setTimeout as sleep } from "node:timers/promises";
import { keepSending, readAnalysis } from "../harness/load.ts";
import { both, type FaultRow, settle } from "../harness/row.ts";

const clockPreload = new URL("../harness/clock-preload.ts", import.meta.url).href;

export const clockJumps: FaultRow = {
  row: "20",
  fault: "clocks of API and worker ten minutes apart, jumping while they run",
  backends: both,
  async run(trial) {
    const { stack, ledger, tenants, full } = trial;
    const [tenant] = tenants;
    const problems: string[] = [];
    // Milliseconds since the start of the process: shift of its clock from then on.
    const jumps = { api: "0:600000,3000:-600000,5000:3600000", worker: "0:-600000,3000:600000,5000:-3600000" };
    const skewed = (of: keyof typeof jumps) => ({ preload: [clockPreload], environment: { CLOCK_JUMPS: jumps[of] } });
    const trials = full ? 3 : 1;
    for (let number = 0; number < trials; number += 1) {
      const sound = stack.api;
      stack.use(await stack.startApi(skewed("api")));
      await sound.end("SIGTERM");
      for (const worker of stack.workers) await worker.end("SIGKILL");
      stack.startWorker(skewed("worker"));
      const stop = keepSending(trial, 4, 50);
      await sleep(full ? 12_000 : 4_000);
      await stop();
      if (!(await settle(stack, ledger, 120_000))) problems.push("work waits for a clock");
      for (const id of [...ledger.analyses].slice(-20)) {
        const {
          createdAt,
          startedAt = "",
          finishedAt = "",
          durationMs = -1,
        } = await readAnalysis(stack.api.url, tenant, id);
        const inOrder =
          Date.parse(createdAt) <= Date.parse(startedAt) && Date.parse(startedAt) <= Date.parse(finishedAt);
        if (!inOrder) problems.push(`times run backwards: ${createdAt}, ${startedAt}, ${finishedAt}`);
        if (durationMs < 0 || durationMs > 60_000) problems.push(`a duration of ${durationMs} ms`);
      }
      const untilBack = stack.api;
      stack.use(await stack.startApi());
      await untilBack.end("SIGTERM");
      for (const worker of stack.workers) await worker.end("SIGTERM");
      stack.startWorker();
    }
    const [wrong] = await stack.query<{ expired: number }>(
      `select count(*)::int as expired from idempotency_keys
       where location_id = $1 and expires_at not between now() + interval '23 hours' and now() + interval '25 hours'`,
      [tenant.locationId],
    );
    if ((wrong?.expired ?? 0) > 0) problems.push(`${wrong?.expired} idempotency keys expire at a wrong time`);
    return { trials: trials * 6, problems };
  },
};
