import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../harness/client.ts";
import { smallWorkflow } from "../harness/documents.ts";
import { submitOnce } from "../harness/load.ts";
import { both, type FaultRow, settle } from "../harness/row.ts";

const MOST_GROWTH_MB = 250;

export const manyClients: FaultRow = {
  row: "21",
  fault: "1,000 concurrent clients for 60 s (200 for 4 s in the short form)",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], full, random }) {
    const clients = full ? 1_000 : 200;
    const seconds = full ? 60 : 4;
    const { api } = stack;
    const agent = new Agent({ keepAlive: true, maxSockets: clients });
    const headers = { Authorization: `Bearer ${tenant.apiKey}` };
    const latencies: number[] = [];
    const memory: number[] = [];
    const until = performance.now() + seconds * 1_000;
    const sampling = setInterval(() => memory.push(api.memoryMb()), 250);
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        // One of ten submits, the others read.
        while (performance.now() < until) {
          const answer =
            client % 10 === 0
              ? await submitOnce(ledger, api.url, tenant, smallWorkflow(`Client ${client} ${random()}`), agent)
              : await ledger.once(() => call(api.url, { path: "/api/history?limit=5", headers, agent }));
          latencies.push(answer.ms);
          if (answer.status === 503 || answer.status === 429) await sleep(500 + random() * 500);
        }
      }),
    );
    clearInterval(sampling);
    agent.destroy();
    const sorted = latencies.toSorted((one, other) => one - other);
    const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
    const problems = [...ledger.statuses]
      .filter(([status]) => ![200, 202, 429, 503].includes(status))
      .map(([status, times]) => `${times} answers were ${status}`);
    const early = Math.max(...memory.slice(0, Math.ceil(memory.length / 3)));
    const late = Math.max(...memory.slice(-Math.ceil(memory.length / 3)));
    if (late - early > MOST_GROWTH_MB) problems.push(`memory grew from ${early} to ${late} MiB`);
    const shed = (ledger.statuses.get(503) ?? 0) + (ledger.statuses.get(429) ?? 0);
    return {
      trials: latencies.length,
      problems,
      remarks: [
        `${clients} clients, ${latencies.length} requests, ${shed} turned away; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; API memory at most ${early} MiB in the first third, ${late} MiB in the last`,
      ],
    };
  },
};

/** Dead rows and free space that vacuum has not yet made good, as a share of a table. */
const MOST_BYTES_PER_ROW_GROWTH = 1.5;

export const soak: FaultRow = {
  row: "22",
  fault: "a long stretch of traffic in fast-forward",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], full, random }) {
    const total = full ? 20_000 : 200;
    const quarters: { apiMb: number; workerMb: number; connections: number; bytesPerRow: number }[] = [];
    let sent = 0;
    for (let quarter = 0; quarter < 4; quarter += 1) {
      await Promise.all(
        Array.from({ length: 16 }, async () => {
          while (sent < ((quarter + 1) * total) / 4) {
            sent += 1;
            await ledger.submit(smallWorkflow(`Soak ${sent} ${random()}`), { tenant });
          }
        }),
      );
      await settle(stack, ledger, 900_000);
      const [row] = await stack.query<{ connections: number; bytes: number }>(
        `select (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
           (select (pg_table_size('analyses') + pg_indexes_size('analyses'))::float8 / greatest(1, count(*)) from analyses)::int as bytes`,
      );
      quarters.push({
        apiMb: stack.api.memoryMb(),
        workerMb: Math.max(...stack.workers.map((worker) => worker.memoryMb())),
        connections: row?.connections ?? 0,
        bytesPerRow: row?.bytes ?? 0,
      });
    }
    const problems: string[] = [];
    const [, second, , last] = quarters;
    if (second === undefined || last === undefined) throw new Error("there are four quarters");
    if (last.apiMb - second.apiMb > 150) problems.push(`the API grew from ${second.apiMb} to ${last.apiMb} MiB`);
    if (last.workerMb - second.workerMb > 300)
      problems.push(`the worker grew from ${second.workerMb} to ${last.workerMb} MiB`);
    if (last.connections - second.connections > 5)
      problems.push(`connections grew from ${second.connections} to ${last.connections}`);
    if (full && last.bytesPerRow > second.bytesPerRow * MOST_BYTES_PER_ROW_GROWTH) {
      problems.push(`a row takes ${last.bytesPerRow} bytes, up from ${second.bytesPerRow}`);
    }
    const remarks = quarters.map(
      ({ apiMb, workerMb, connections, bytesPerRow }, quarter) =>
        `after ${(((quarter + 1) * total) / 4).toLocaleString("en-GB")} analyses: API ${apiMb} MiB, worker ${workerMb} MiB, ${connections} connections, ${bytesPerRow} bytes a row`,
    );
    return { trials: total, problems, remarks };
  },
};
