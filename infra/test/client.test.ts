import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { samples } from "@workflow-debugger/engine/samples";
import { type Client, createClient } from "@workflow-debugger/shared/contract";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkout } from "../local/checkout.ts";
import { type Services, startServices } from "./support/services.ts";

/** The typed client against the services as processes of their own. */

let services: Services;
let client: Client;
beforeAll(async () => {
  const [backend] = queueBackends;
  if (backend === undefined) throw new Error("there is no queue backend");
  services = await startServices(backend);
  client = createClient({ url: services.url, apiKey: services.apiKey });
}, 60_000);
afterAll(() => services?.stop());

test("an analysis that is given up is canceled", async () => {
  const controller = new AbortController();
  const waiting = client.analyze({ workflow: samples.healthy }, { signal: controller.signal });
  const entries = async () => (await client.call("listHistory", {})).data;
  await expect.poll(entries, { timeout: 10_000 }).toMatchObject([{ status: "queued" }]);
  controller.abort();
  await expect(waiting).rejects.toThrow();
  expect(await entries()).toMatchObject([{ status: "canceled" }]);
}, 30_000);

test("the example prints what to repair first", async () => {
  services.startWorker();
  const analysis = await client.analyze({ workflow: samples.critical });
  expect(analysis).toMatchObject({ status: "completed", score: 0 });
  const { status, stdout } = spawnSync(process.execPath, [join(checkout, "infra/examples/analyse-file.ts")], {
    cwd: checkout,
    env: { ...process.env, WD_URL: services.url, WD_KEY: services.apiKey },
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^Treatment enquiry nurture: 0 of 100, Critical\n( {2}[A-Z]+-\d{3} .+: .+\n){3}The last 3: 0, 0, –\n$/,
  );
}, 60_000);
