import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sealDefinition, sha256, webhookContext } from "@workflow-debugger/shared/crypto";
import {
  acceptWebhook,
  getLocation,
  newestDefinition,
  openSession,
  readInstall,
  saveDefinitions,
  saveLocation,
  submitAnalysis,
  workflowsPage,
} from "@workflow-debugger/shared/db";
import { openHighLevel } from "@workflow-debugger/shared/ghl";
import { memoryStore } from "@workflow-debugger/shared/limits";
import { type HighLevelStandIn, startHighLevel } from "@workflow-debugger/shared/stand-ins";
import { aSubmission, queueBackends, seedLocation } from "@workflow-debugger/shared/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createInstallation, type Installation, silent } from "./support/worker-harness.ts";

describe.each(queueBackends)("events of HighLevel on $name", (backend) => {
  let installation: Installation;
  let highLevel: HighLevelStandIn;
  const agency = `agency-${randomUUID()}`;
  const [first, second] = [`first-${randomUUID()}`, `second-${randomUUID()}`];

  beforeAll(async () => {
    installation = await createInstallation(backend);
    highLevel = await startHighLevel({
      locations: [
        { id: first, name: "Acme Dental", companyId: agency },
        { id: second, name: "Bolt Fitness", companyId: agency },
      ],
    });
  });
  afterEach(async () => {
    await installation.stopAll();
    await installation.loseQueue();
    await installation.sql("delete from webhook_events");
    await installation.sql("delete from ghl_installs");
  });
  afterAll(async () => {
    await installation.remove();
    await highLevel.close();
  });

  /** As the API stores it; resolves once the worker has ended it. */
  async function handled(body: object): Promise<{ readonly status: string; readonly message: string | null }> {
    const id = randomUUID();
    const bytes = Buffer.from(JSON.stringify(body));
    const sealed = { ...installation.keys.seal(bytes, webhookContext(id)), size: bytes.length };
    const event = { id, provider: "ghl", eventId: id, type: "of the test", requestId: randomUUID() } as const;
    await acceptWebhook(installation.database, { ...event, body: sealed, traceparent: null });
    await installation.queue.add({ name: "webhook", payload: { id, generation: 1, requestId: event.requestId } });
    return vi.waitFor(
      async () => {
        const [row] = await installation.sql<{ status: string; message: string | null }>(
          "select status, error->>'message' as message from webhook_events where id = $1",
          [id],
        );
        if (row === undefined || ["queued", "running"].includes(row.status)) throw new Error("not ended yet");
        return row;
      },
      { timeout: 15_000, interval: 20 },
    );
  }

  describe("that tell of an install", () => {
    const install = (more: object) => handled({ type: "INSTALL", companyId: agency, ...more });
    const tokensOf = (id: string) => readInstall(installation.database, { kind: "location", id });
    const locationOf = (id: string) => getLocation(installation.database, id);

    async function agencySignsIn() {
      const { client, tokens } = openHighLevel({
        config: {
          GHL_API_BASE: highLevel.url,
          GHL_CLIENT_ID: highLevel.app.clientId,
          GHL_CLIENT_SECRET: highLevel.app.clientSecret,
        },
        store: memoryStore(),
        database: installation.database,
        keyRing: installation.keys,
        log: silent,
      });
      const grant = await client.exchangeCode(highLevel.code(`Company/${agency}`), null);
      const company = { kind: "company", id: agency, companyId: agency, throughCompany: false, userId: null } as const;
      await tokens.keep({ ...company, tokens: grant });
    }

    it("connect a location; its agency's stored token gives it one, and its name", async () => {
      installation.start({}, { highLevel });
      await installation.sql("delete from locations where id = any($1)", [[first, second]]);
      expect(await install({ locationId: first, companyName: "The agency" })).toMatchObject({ status: "processed" });
      expect(await locationOf(first)).toMatchObject({ name: "The agency", companyId: agency });
      expect(await tokensOf(first)).toBeNull();
      await agencySignsIn();
      expect(await install({ locationId: first, companyName: "The agency" })).toMatchObject({ status: "processed" });
      expect((await locationOf(first))?.name).toBe("Acme Dental");
      expect(await tokensOf(first)).toMatchObject({ throughCompany: true, companyId: agency });
    });

    it("of a whole agency wait for its sign-in, and then connect every location that has the app", async () => {
      installation.start({}, { highLevel });
      await installation.sql("delete from locations where id = any($1)", [[first, second]]);
      expect(await install({})).toMatchObject({ status: "ignored" });
      await agencySignsIn();
      await saveLocation(installation.database, { id: second, name: "Old name", plan: "pro" });
      await installation.sql("update locations set uninstalled_at = now() + interval '1 hour' where id = $1", [second]);
      expect(await install({})).toEqual({ status: "processed", message: null });
      expect(await locationOf(first)).toMatchObject({ name: "Acme Dental", companyId: agency, plan: "free" });
      // The news of its uninstall overtook this install's.
      expect(await locationOf(second)).toMatchObject({ name: "Old name", uninstalledAt: expect.any(Date) });
      expect(await install({})).toMatchObject({ status: "processed" });
    });

    it("survive a HighLevel that fails for a while, and end where the agency's grant is refused", async () => {
      installation.start({}, { highLevel });
      await agencySignsIn();
      highLevel.failing({ match: "POST /oauth/locationToken", times: 4, mode: { kind: "status", status: 500 } });
      expect(await install({ locationId: first })).toMatchObject({ status: "processed" });
      expect(await tokensOf(first)).not.toBeNull();
      highLevel.uninstall(`Company/${agency}`);
      await installation.sql("delete from ghl_installs where kind = 'location'");
      expect(await install({ locationId: first })).toMatchObject({ status: "processed" });
      expect(await tokensOf(first)).toBeNull();
    });
  });

  describe("that tell of a user", () => {
    it.each(["UserUpdate", "UserDelete"])("end the user's sessions there (%s), and nobody else's", async (type) => {
      installation.start();
      const [here, there] = [await installation.location(), await installation.location()];
      await installation.sql("update locations set company_id = 'of-both' where id = any($1)", [[here, there]]);
      const signIn = (locationId: string, userId: string) =>
        openSession(installation.database, {
          id: randomUUID(),
          locationId,
          hash: sha256(randomUUID()),
          userId,
          embedded: false,
          requestId: "r",
        });
      for (const user of ["ann", "bob"]) for (const location of [here, there]) await signIn(location, user);
      const left = async () =>
        (
          await installation.sql<{ who: string }>(
            "select user_id || (case location_id when $1 then ' here' else ' there' end) as who from sessions order by 1",
            [here],
          )
        ).map(({ who }) => who);
      expect(await handled({ type, id: "ann", locationId: here })).toMatchObject({ status: "processed" });
      expect(await left()).toEqual(["ann there", "bob here", "bob there"]);
      expect(await handled({ type, id: "bob", companyId: "of-both" })).toMatchObject({ status: "processed" });
      expect(await left()).toEqual(["ann there"]);
      expect(await handled({ type, id: "cat", companyId: "of-both" })).toMatchObject({ status: "ignored" });
      await installation.sql("delete from sessions");
    });
  });

  describe("of our own workflow trigger", () => {
    const workflowId = "wf-1";
    const definition = (text: string) => ({
      id: workflowId,
      name: "Welcome",
      triggers: [],
      nodes: [{ id: "s", type: "sms", name: text, config: { body: text } }],
      connections: [],
    });
    const changed = (locationId: string, eventType = "UPDATED") =>
      handled({
        triggerData: { id: "t", key: "our-trigger", filters: [], eventType, targetUrl: "https://example.com" },
        meta: { key: "our-trigger", version: "1" },
        extras: { locationId, workflowId, companyId: "company" },
      });

    async function aLocation(plan: "free" | "pro") {
      const locationId = await seedLocation(installation.database, plan);
      const snapshot = sealDefinition(definition("first"), locationId, installation.keys);
      const definitions = [{ workflowId, name: "Welcome", status: "draft", snapshot }];
      const trail = { actor: "test", requestId: null };
      await saveDefinitions(installation.database, { locationId, source: "upload", definitions, ...trail });
      return { locationId, snapshot };
    }
    /** Its only analysis so far, which came to its end. */
    async function analysed({ locationId, snapshot }: Awaited<ReturnType<typeof aLocation>>) {
      const options = { rules: { "LOOP-001": { off: true } } };
      const workflow = { id: workflowId, name: "Welcome" };
      const submission = aSubmission(locationId, { workflow, snapshot, options, directLimit: 0 });
      await submitAnalysis(installation.database, submission);
      return installation.untilStatus(locationId, submission.id, "completed");
    }
    const analysesOf = (locationId: string) =>
      installation.sql<{ status: string; options: object; request_id: string; sha256: Buffer }>(
        "select status, options, request_id, snapshot_sha256 as sha256 from analyses where location_id = $1 order by created_at",
        [locationId],
      );
    const isStale = async (locationId: string) =>
      (await workflowsPage(installation.database, { locationId, limit: 1, cursor: null })).items[0]?.definitionStale;

    it("mark the stored definition as stale, until a newer one is handed in", async () => {
      installation.start();
      const free = await aLocation("free");
      await analysed(free);
      expect(await isStale(free.locationId)).toBe(false);
      for (const type of ["CREATED", "UPDATED", "DELETED"]) {
        expect(await changed(free.locationId, type)).toMatchObject({ status: "processed" });
        expect(await isStale(free.locationId)).toBe(true);
      }
      // The plan has no monitoring.
      expect(await analysesOf(free.locationId)).toHaveLength(1);
      const snapshot = sealDefinition(definition("second"), free.locationId, installation.keys);
      const definitions = [{ workflowId, name: "Welcome", status: "draft", snapshot }];
      const trail = { actor: "test", requestId: null };
      await saveDefinitions(installation.database, { ...free, source: "upload", definitions, ...trail });
      expect(await isStale(free.locationId)).toBe(false);
    });

    it("have the workflow analysed again, as it was the last time, where the plan has monitoring", async () => {
      installation.start();
      const pro = await aLocation("pro");
      await changed(pro.locationId);
      expect(await analysesOf(pro.locationId)).toEqual([]);
      await analysed(pro);
      await changed(pro.locationId);
      const again = await vi.waitFor(async () => {
        const [, last] = await analysesOf(pro.locationId);
        expect(last?.status).toBe("completed");
        return last;
      }, 15_000);
      expect(again).toMatchObject({ options: { rules: { "LOOP-001": { off: true } } }, sha256: pro.snapshot.sha256 });
      expect(await isStale(pro.locationId)).toBe(true);
    });

    it("have the newest definition fetched and analysed where a service has it", async () => {
      const source = createServer((request, response) => {
        const known = request.url?.startsWith("/location") === true;
        response.writeHead(known ? 200 : 404, { "Content-Type": "application/json" });
        response.end(JSON.stringify(definition("newest")));
      }).listen(0, "127.0.0.1");
      await once(source, "listening");
      const structureUrl = `http://127.0.0.1:${(source.address() as AddressInfo).port}/{locationId}/{workflowId}`;
      try {
        installation.start({}, { structureUrl });
        const pro = await aLocation("pro");
        await analysed(pro);
        await changed(pro.locationId);
        const newest = await newestDefinition(installation.database, { ...pro, workflowId });
        expect(newest).toMatchObject({ version: 2, source: "structure_url" });
        expect((await analysesOf(pro.locationId))[1]?.sha256).toEqual(newest?.snapshot.sha256);
      } finally {
        source.close();
        source.closeAllConnections();
      }
    });

    it("are ignored for workflows and locations of which nothing is stored", async () => {
      installation.start();
      expect(await changed("nowhere")).toMatchObject({ status: "ignored" });
      const locationId = await installation.location();
      expect(await changed(locationId)).toMatchObject({ status: "ignored" });
      expect(await handled({ triggerData: { eventType: "CREATED" }, extras: {} })).toMatchObject({ status: "ignored" });
    });
  });
});
