import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { get, submitted } from "../../test/support/requests.ts";
import { complete, finish, start } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi({ settings: { heartbeatMs: 20 } });
  tenant = await api.newLocation();
});
afterAll(() => api.close());

const open = (id: string) => get(api, `/api/analysis/${id}/events`, { ...tenant.auth, Accept: "text/event-stream" });

/** The events of a text, comments left out. */
function eventsOf(text: string) {
  const events = text.split("\n\n").filter((block) => block.startsWith("event:"));
  return events.map((block) => {
    const [event = "", data = ""] = block.split("\n");
    return { event: event.slice("event: ".length), data: JSON.parse(data.slice("data: ".length)) };
  });
}

test("the stream tells the current state first, then each change, and closes at the end", async () => {
  const id = await submitted(api, tenant);
  const response = await open(id);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  const text = response.text();
  await api.watching(id);
  const lease = await start(api.workerDatabase, id);
  await finish(api.workerDatabase, id, lease);
  const events = eventsOf(await text);
  const states = events.map(({ data }) => data.status);
  expect(events.every(({ event, data }) => event === "status" && data.id === id)).toBe(true);
  expect(states[0]).toBe("queued");
  expect(states.at(-1)).toBe("completed");
  expect(new Set(states).size).toBe(states.length);
  expect(api.changes.size).toBe(0);
});

test("the stream of a finished analysis is one event, cut to the plan", async () => {
  const free = await api.newLocation("free");
  const id = await submitted(api, free);
  await complete(api.workerDatabase, id);
  const [event, ...more] = eventsOf(await (await get(api, `/api/analysis/${id}/events`, free.auth)).text());
  expect(more).toEqual([]);
  expect(event?.data).toMatchObject({ status: "completed", hiddenIssues: 2, notes: [] });
});

test("a quiet stream is kept alive by comments", async () => {
  const id = await submitted(api, tenant);
  const reader = (await open(id)).body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes(": heartbeat\n\n: heartbeat\n\n")) text += (await reader?.read())?.value ?? "";
  await reader?.cancel();
  expect(eventsOf(text)).toHaveLength(1);
});

test("five hundred clients that leave, streaming or polling, leave nothing behind", async () => {
  const id = await submitted(api, tenant);
  const waits = Array.from({ length: 250 }, async () => {
    const client = new AbortController();
    const request = new Request(`http://localhost/api/analysis/${id}?wait=30`, {
      headers: tenant.auth,
      signal: client.signal,
    });
    const answer = api.app.request(request);
    await vi.waitFor(() => expect(api.changes.size).toBeGreaterThan(0));
    client.abort();
    return answer;
  });
  const streams = Array.from({ length: 250 }, async () => {
    const reader = (await open(id)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
  });
  await Promise.all([...waits, ...streams]);
  await vi.waitFor(() => expect(api.changes.size).toBe(0));
});

test("HEAD opens no stream", async () => {
  const id = await submitted(api, tenant);
  const response = await api.app.request(`/api/analysis/${id}/events`, { method: "HEAD", headers: tenant.auth });
  expect([response.status, api.changes.size]).toEqual([200, 0]);
});

test("a client that takes no event stream is 406", async () => {
  const id = await submitted(api, tenant);
  const response = await get(api, `/api/analysis/${id}/events`, { ...tenant.auth, Accept: "application/json" });
  expect(response.status).toBe(406);
});

test("when too many watch already, another is 503 and told to come back", async () => {
  const crowded = await startApi({ openWaiters: 0 });
  const location = await crowded.newLocation();
  const id = await submitted(crowded, location);
  const response = await get(crowded, `/api/analysis/${id}/events`, location.auth);
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
  await crowded.close();
});
