import { randomBytes } from "node:crypto";
import { parseKeyRing } from "@workflow-debugger/shared/crypto";
import { newestDefinition, resealAll } from "@workflow-debugger/shared/db";
import { expect, test } from "vitest";
import { startApi } from "./support/api-under-test.ts";
import { aWorkflow, get, post } from "./support/requests.ts";
import { signIn, startTestHighLevel } from "./support/sign-in.ts";

const entry = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;

test("keys are rotated under load without a failed request, and afterwards the old key is of no more use", async () => {
  const [older, newer] = [entry("2025"), entry("2026")];
  const highLevel = await startTestHighLevel();
  // The key ring as on the day before: everything is sealed with the older key.
  const api = await startApi({ highLevel, keys: `${older},${newer}` });
  const session = await signIn(api, highLevel);
  const put = async (id: string, name: string) => {
    const headers = { ...session, "Content-Type": "application/json" };
    const body = JSON.stringify(aWorkflow(name));
    return api.app.request(`/api/workflows/${id}/definition`, { method: "PUT", headers, body });
  };
  for (let number = 0; number < 40; number += 1) await put(`w${number}`, `Workflow ${number}`);

  let rotating = true;
  const statuses = new Map<number, number>();
  const count = (response: Response) => statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  const client = async (offset: number) => {
    for (let turn = offset; rotating || turn < offset + 20; turn += 1) {
      const id = `w${turn % 40}`;
      count(await get(api, `/api/workflows/${id}/structure`, session));
      count(await get(api, "/api/workflows?limit=1", session));
      count(await post(api, "/api/analyze", { workflowId: id }, session));
      count(await put(id, `Workflow ${turn}`));
      if (turn % 5 === 0) highLevel.expireAccessTokens();
    }
  };
  const clients = [0, 10, 20, 30].map(client);
  // The key ring with the newer key first, as every process has it once all know both; the API still seals with the older.
  const ring = parseKeyRing(`${newer},${older}`);
  const first = await resealAll(api.workerDatabase, ring);
  rotating = false;
  await Promise.all(clients);
  await resealAll(api.workerDatabase, ring);

  const total = [...statuses.values()].reduce((sum, some) => sum + some, 0);
  console.log(`rotation under load: ${total} requests, by status ${JSON.stringify([...statuses])}`);
  expect([...statuses.keys()].filter((status) => status >= 400)).toEqual([]);
  expect(first.find(({ table }) => table === "workflow_snapshots")?.resealed).toBeGreaterThan(0);
  const left = ["workflow_snapshots", "ghl_installs"] as const;
  for (const table of left) {
    const rows = await api.workerDatabase.kysely
      .selectFrom(table)
      .select("encryption_key_id")
      .where("encryption_key_id", "<>", "2026")
      .execute();
    expect(rows).toEqual([]);
  }
  const definition = await newestDefinition(api.workerDatabase, { locationId: "acme", workflowId: "w1" });
  expect(definition?.snapshot.keyId).toBe("2026");
  await api.close();
  await highLevel.close();
}, 60_000);
