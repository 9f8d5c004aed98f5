import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../harness/client.ts";
import { smallWorkflow } from "../harness/documents.ts";
import { submitOnce } from "../harness/load.ts";
import { both, type FaultRow } from "../harness/row.ts";

const MOST_GROWTH_MB = 250;
/** Who is not served in time is turned away before: of those who are served and of those who are not, nearly everybody knows within this. */
const P99_MS = 2_000;

export const manyClients: FaultRow = {
  row: "21",
  fault: "1,000 concurrent clients for 60 s (200 for 4 s in the short form)",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], full, random, yardstick }) {
    const clients = full ? 1_000 : 200;
    const seconds = full ? 60 : 4;
    const { api } = stack;
    const agent = new Agent({ keepAlive: true, maxSockets: clients });
    const headers = { Authorization: `Bearer ${tenant.apiKey}` };
    const [served, turnedAway]: [number[], number[]] = [[], []];
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
          const refused = answer.status === 503 || answer.status === 429;
          (refused ? turnedAway : served).push(answer.ms);
          if (refused) await sleep(500 + random() * 500);
        }
      }),
    );
    clearInterval(sampling);
    agent.destroy();
    const problems = [...ledger.statuses]
      .filter(([status]) => ![200, 202, 429, 503].includes(status))
      .map(([status, times]) => `${times} answers were ${status}`);
    for (const latencies of [served, turnedAway]) {
      problems.push(...yardstick.tooLong("one answer in a hundred", at(latencies, 0.99), P99_MS));
    }
    const early = Math.max(...memory.slice(0, Math.ceil(memory.length / 3)));
    const late = Math.max(...memory.slice(-Math.ceil(memory.length / 3)));
    if (late - early > MOST_GROWTH_MB) problems.push(`memory grew from ${early} to ${late} MiB`);
    return {
      trials: served.length + turnedAway.length,
      problems,
      remarks: [
        `${clients} clients; ${served.length} requests served, p50 ${at(served, 0.5)} ms, p99 ${at(served, 0.99)} ms; ${turnedAway.length} turned away, p99 ${at(turnedAway, 0.99)} ms; API memory at most ${early} MiB in the first third, ${late} MiB in the last`,
      ],
    };
  },
};

function at(latencies: readonly number[], share: number): number {
  const sorted = latencies.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
}
