import { setTimeout as sleep } from "node:timers/promises";
import { smallWorkflow } from "../harness/documents.ts";
import { readAtEnd, submitOnce } from "../harness/load.ts";
import { both, type FaultRow, type Trial } from "../harness/row.ts";
import type { Tenant } from "../harness/stack.ts";

/** Twice what a worker takes beside its deliveries, and those. */
const FEW_JOBS = 128;
/** The API looks about once a second how much waits; a backlog of thousands does not come up in less. */
const NOTICED_MS = 1_500;

export const noisyNeighbour: FaultRow = {
  row: "F",
  fault: "one location's backlog of 10,000 (3,000 in the short form) and another's single analysis",
  backends: both,
  async run(trial) {
    const { stack, ledger, tenants, full, random } = trial;
    const [noisy, quiet] = tenants;
    const problems: string[] = [];
    const remarks: string[] = [];
    const backlog = full ? 10_000 : 3_000;
    const like = await ledger.submit(smallWorkflow(`Pattern ${random()}`), { tenant: noisy });
    // As many submissions would leave them; each is a row of its own of one and the same definition.
    const rows = await stack.query<{ id: string }>(
      `insert into analyses (id, location_id, snapshot_sha256, workflow_id, workflow_name, status, engine_version, request_id)
       select gen_random_uuid(), location_id, snapshot_sha256, workflow_id, workflow_name, 'queued', engine_version, request_id
       from analyses, generate_series(1, $2) where id = $1 returning id`,
      [like, backlog],
    );
    ledger.note(rows.map(({ id }) => id));
    await stack.query("select pg_notify('analysis_waiting', '')");
    await Promise.all([untilStarted(trial, noisy), sleep(NOTICED_MS)]);
    const trials = full ? 20 : 3;
    let worst = 0;
    let mostBefore = 0;
    for (let number = 0; number < trials; number += 1) {
      const { id } = await submitOnce(ledger, stack.api.url, quiet, smallWorkflow(`Single ${number} ${random()}`));
      if (id === null) throw new Error("the single analysis was not accepted");
      await readAtEnd(stack.api.url, quiet, id);
      const [row] = await stack.query<{ waited: number; before: number; left: number }>(
        `with own as (select min(at) filter (where becomes = 'queued') as accepted, min(at) filter (where becomes = 'running') as started
           from fault_test.transitions where id = $1)
         select extract(epoch from started - accepted)::float8 * 1000 as waited,
           (select count(*)::int from fault_test.transitions t, own where t.becomes = 'running' and t.at > accepted and t.at < started) as before,
           (select count(*)::int from analyses where location_id = $2 and status = 'queued') as left
         from own`,
        [id, noisy.locationId],
      );
      worst = Math.max(worst, row?.waited ?? Number.POSITIVE_INFINITY);
      mostBefore = Math.max(mostBefore, row?.before ?? Number.POSITIVE_INFINITY);
      if (row?.left === 0) problems.push("the backlog was gone before the single analysis came");
    }
    if (mostBefore > FEW_JOBS) problems.push(`${mostBefore} jobs of the other started first`);
    remarks.push(
      `behind a backlog of ${backlog.toLocaleString("en-GB")}, a single analysis started after ${Math.round(worst)} ms at the most, with ${mostBefore} jobs of the other before it`,
    );
    // Enough is proved; the rest of the backlog would only take time.
    const dropped = await stack.query<{ id: string }>(
      "delete from analyses where location_id = $1 and status in ('queued', 'running') and id <> $2 returning id",
      [noisy.locationId, like],
    );
    ledger.forget(dropped.map(({ id }) => id));
    return { trials, recoveryMs: worst, problems, remarks };
  },
};

/** Waits until the queue holds as much of the backlog as it ever will. */
async function untilStarted({ stack }: Trial, { locationId }: Tenant): Promise<void> {
  for (;;) {
    const [row] = await stack.query<{ done: number }>(
      "select count(*)::int as done from analyses where location_id = $1 and status = 'completed'",
      [locationId],
    );
    if ((row?.done ?? 0) > 20) return;
    await sleep(10);
  }
}
