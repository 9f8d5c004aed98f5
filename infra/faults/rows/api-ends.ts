import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../harness/client.ts";
import { smallWorkflow } from "../harness/documents.ts";
import { readAnalysis, submitOnce } from "../harness/load.ts";
import { both, type FaultRow, longestExit } from "../harness/row.ts";

/** A deploy: balancers look at `/ready`, and send nothing more to an API that is not. */
export const apiTerminated: FaultRow = {
  row: "3",
  fault: "API SIGTERM under load",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], full, random }) {
    const problems: string[] = [];
    const trials = full ? 5 : 1;
    const exits: number[] = [];
    for (let number = 0; number < trials; number += 1) {
      const old = stack.api;
      const agent = new Agent({ keepAlive: true, maxSockets: 16 });
      let inRotation = true;
      let sent = 0;
      const clients = Array.from({ length: 16 }, async (_, lane) => {
        while (inRotation) {
          const answer = await submitOnce(ledger, old.url, tenant, smallWorkflow(`Client ${lane} ${random()}`), agent);
          sent += 1;
          if (answer.id === null)
            problems.push(`a request under way was answered ${answer.status} ${answer.failure ?? answer.text}`);
        }
      });
      const watched = await ledger.submit(smallWorkflow(`Watched ${random()}`));
      const waiting = readAnalysis(old.url, tenant, watched, 30).then(
        () => [],
        (error: unknown) => [`a long poll: ${error}`],
      );
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
      problems.push(...(await waiting));
      stack.use(await stack.startApi());
    }
    return { trials, problems, ...longestExit(exits) };
  },
};
