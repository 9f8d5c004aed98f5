import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../harness/client.ts";
import { smallWorkflow } from "../harness/documents.ts";
import { both, type FaultRow } from "../harness/row.ts";

/** A deploy: balancers look at `/ready`, and send nothing more to an API that is not. */
export const apiTerminated: FaultRow = {
  row: "3",
  fault: "API SIGTERM under load",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], full, random }) {
    const problems: string[] = [];
    const trials = full ? 10 : 1;
    const exits: number[] = [];
    for (let number = 0; number < trials; number += 1) {
      const old = stack.api;
      const agent = new Agent({ keepAlive: true, maxSockets: 16 });
      let inRotation = true;
      let sent = 0;
      const headers = { Authorization: `Bearer ${tenant.apiKey}`, "Content-Type": "application/json" };
      const clients = Array.from({ length: 16 }, async (_, lane) => {
        while (inRotation) {
          const body = JSON.stringify({ workflow: smallWorkflow(`Client ${lane} ${random()}`) });
          const answer = await ledger.once(() =>
            call(old.url, { method: "POST", path: "/api/analyze", headers, body, agent }),
          );
          sent += 1;
          if (answer.status === 202) ledger.note([(JSON.parse(answer.text) as { data: { id: string } }).data.id]);
          else problems.push(`a request under way was answered ${answer.status} ${answer.failure ?? answer.text}`);
        }
      });
      const waiting = waitForEnd(old.url, await ledger.submit(smallWorkflow(`Watched ${random()}`)), headers);
      await sleep(500);
      const probes: number[] = [];
      const ending = old.end("SIGTERM");
      while (inRotation) {
        const { status } = await call(old.url, { path: "/ready", agent });
        probes.push(status);
        if (status === 503) inRotation = false;
        else if (status !== 200) {
          problems.push(`/ready answered ${status} before it answered 503`);
          inRotation = false;
        }
      }
      await Promise.all(clients);
      agent.destroy();
      const { code, ms } = await ending;
      exits.push(ms);
      if (code !== 0) problems.push(`the API ended with ${code}`);
      if (sent < 16) problems.push("there was no load");
      const watched = await waiting;
      if (watched !== 200) problems.push(`a long poll was answered ${watched}`);
      stack.use(await stack.startApi());
    }
    return {
      trials,
      recoveryMs: Math.max(...exits),
      problems,
      remarks: [`longest from SIGTERM to exit 0: ${Math.round(Math.max(...exits))} ms`],
    };
  },
};

/** Long-polls one analysis; the last status of the answers. */
async function waitForEnd(url: string, id: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return (await call(url, { path: `/api/analysis/${id}?wait=30`, headers })).status;
}
