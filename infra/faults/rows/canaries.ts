import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { call } from "../harness/client.ts";
import { smallWorkflow } from "../harness/documents.ts";
import { signedByHighLevel } from "../harness/ledger.ts";
import { both, type FaultRow, settle } from "../harness/row.ts";
import { canaries, type Stack } from "../harness/stack.ts";

const poisonPreload = new URL("../harness/poison-preload.ts", import.meta.url).href;

/** Secrets and personal data are planted wherever a request can carry them; then everything that must not hold them is searched. */
export const plantedSecrets: FaultRow = {
  row: "L",
  fault: "secrets and personal data planted in requests, searched in logs, queue and jobs",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], random }) {
    const planted = {
      ...canaries,
      apiKey: tenant.apiKey,
      email: `${randomUUID()}@example.com`,
      phone: `+1555${String(Math.floor(random() * 1e7)).padStart(7, "0")}`,
      stepSecret: `token-${randomUUID()}`,
      person: `Person ${randomUUID()}`,
      cookie: `cookie-${randomUUID()}`,
      wrongKey: `wd_live_${randomUUID().replaceAll("-", "")}`,
      code: `code-${randomUUID()}`,
      body: `body-${randomUUID()}`,
    };
    const first = stack.api;
    const environment = { LOG_LEVEL: "trace" };
    stack.use(await stack.startApi({ environment }));
    await first.end("SIGTERM");
    for (const worker of stack.workers) await worker.end("SIGTERM");
    const worker = stack.startWorker({ environment, preload: [poisonPreload] });
    await sleep(500);

    const definition = (name: string) => ({
      ...smallWorkflow(name),
      secrets: { Authorization: `Bearer ${planted.stepSecret}` },
      contact: { name: planted.person, email: planted.email, phone: planted.phone },
    });
    const send = (request: Parameters<typeof call>[1]) => ledger.once(() => call(stack.api.url, request));
    await ledger.submit(definition("Sound"));
    const failing = await ledger.submit(definition("poison:throw"));
    const event = JSON.stringify({
      type: "LocationUpdate",
      webhookId: randomUUID(),
      id: tenant.locationId,
      name: planted.person,
      email: planted.email,
    });
    await send({ method: "POST", path: "/webhooks/ghl", headers: signedByHighLevel(event), body: event });
    const key = { Authorization: `Bearer ${tenant.apiKey}` };
    const json = { ...key, "Content-Type": "application/json" };
    await send({ method: "POST", path: "/api/analyze", headers: json, body: `{"workflow": "${planted.body}` });
    await send({
      method: "POST",
      path: "/api/analyze",
      headers: json,
      body: JSON.stringify({ workflow: planted.body }),
    });
    await send({ path: "/api/history", headers: { Authorization: `Bearer ${planted.wrongKey}` } });
    await send({ path: "/api/history", headers: { Cookie: `__Host-wd_session=${planted.cookie}` } });
    await send({ path: `/auth/callback?code=${planted.code}&state=${planted.code}` });
    await send({ path: "/ops/queues", headers: { Authorization: `Bearer ${canaries.operationsToken}` } });
    await send({
      method: "POST",
      path: "/webhooks/ghl",
      headers: { ...json, "X-GHL-Signature": planted.cookie },
      body: event,
    });

    // Without a worker, so that jobs are seen while they wait.
    await settle(stack, ledger, 60_000);
    await worker.end("SIGTERM");
    for (let number = 0; number < 10; number += 1) await ledger.submit(definition(`Waiting ${number} ${random()}`));
    const queued = await everythingInQueue(stack);
    stack.startWorker({ environment });
    await settle(stack, ledger, 60_000);
    const logs = stack.started.flatMap(({ log }) => log);

    const problems: string[] = [];
    for (const [name, secret] of Object.entries(planted)) {
      const line = logs.find((text) => text.includes(secret));
      if (line !== undefined)
        problems.push(`a log line holds ${name}: ${line.slice(0, 200).replaceAll(secret, "<it>")}`);
      if (queued.some((text) => text.includes(secret))) problems.push(`the queue holds ${name}`);
    }
    if (!queued.some((text) => text.includes("requestId"))) problems.push("no job was seen in the queue");
    if (!logs.some((text) => text.includes("the engine failed on a definition")))
      problems.push("no failure was logged");
    return {
      trials: Object.keys(planted).length,
      problems,
      mayFail: new Set([failing]),
      remarks: [
        `${logs.length} log lines and ${queued.length} values of the queue searched for ${Object.keys(planted).length} canaries`,
      ],
    };
  },
};

/** Every value that the queue's store holds, as text; where that is Redis, all of it, counts of limits included. */
async function everythingInQueue({ redis, query }: Stack): Promise<readonly string[]> {
  if (redis === null) {
    const tables = await query<{ name: string }>(
      "select relname as name from pg_stat_user_tables where schemaname = 'bullmq'",
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await query<{ text: string }>(`select t::text as text from bullmq."${name}" t`);
      found.push(...rows.map(({ text }) => text));
    }
    return found;
  }
  const client = new Redis(redis.url);
  try {
    const found: string[] = [];
    for (const key of await client.keys("*")) found.push(key, JSON.stringify(await valueAt(client, key)));
    return found;
  } finally {
    client.disconnect();
  }
}

async function valueAt(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case "hash":
      return client.hgetall(key);
    case "list":
      return client.lrange(key, 0, -1);
    case "set":
      return client.smembers(key);
    case "zset":
      return client.zrange(key, "0", "-1");
    case "stream":
      return client.xrange(key, "-", "+");
    default:
      return client.get(key);
  }
}
