import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "./support/api-under-test.ts";
import { bodyOf, get, post } from "./support/requests.ts";

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
});
afterAll(() => api.close());

const security = {
  "content-security-policy": /default-src 'none'/,
  "strict-transport-security": /max-age=\d{8}/,
  "x-content-type-options": /^nosniff$/,
  "x-frame-options": /^DENY$/,
  "referrer-policy": /^no-referrer$/,
  "permissions-policy": /camera=\(\)/,
  "cross-origin-opener-policy": /^same-origin$/,
  "cross-origin-resource-policy": /^same-/,
  "origin-agent-cluster": /^\?1$/,
  "x-dns-prefetch-control": /^off$/,
  "x-download-options": /^noopen$/,
  "x-permitted-cross-domain-policies": /^none$/,
  "x-xss-protection": /^0$/,
};

test.each([
  ["a success", () => get(api, "/health")],
  ["an error", () => get(api, "/api/history")],
  ["an unknown address", () => get(api, "/nowhere")],
  ["a wrong method", () => post(api, "/health", {})],
  ["a stream", async () => api.app.request("/docs/reference.js")],
  [
    "a preflight",
    async () =>
      api.app.request("/api/analyze", {
        method: "OPTIONS",
        headers: { Origin: "https://app.example.com", "Access-Control-Request-Method": "POST" },
      }),
  ],
])("%s carries a request id and all thirteen security headers", async (_, ask) => {
  const { headers } = await ask();
  for (const [name, value] of Object.entries(security))
    expect([name, headers.get(name)]).toEqual([name, expect.stringMatching(value)]);
  expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
});

describe("request ids", () => {
  test("a UUID that came is kept, in the header and in the envelope", async () => {
    const id = "11111111-2222-3333-4444-555555555555";
    const response = await get(api, "/api/history", { ...tenant.auth, "X-Request-ID": id });
    expect([response.headers.get("x-request-id"), (await bodyOf(response)).meta.requestId]).toEqual([id, id]);
  });

  test.each(["", "abc", "11111111-2222-3333-4444-55555555555", "a".repeat(5_000)])("%j is replaced", async (given) => {
    const response = await get(api, "/health", { "X-Request-ID": given });
    const id = response.headers.get("x-request-id");
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect((await bodyOf(response)).meta.requestId).toBe(id);
  });
});

describe("origins", () => {
  test("a configured one is answered, with credentials and readable headers", async () => {
    const { headers } = await get(api, "/api/rules", { Origin: "https://app.example.com" });
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(headers.get("access-control-allow-credentials")).toBe("true");
    expect(headers.get("access-control-expose-headers")).toContain("RateLimit");
    expect(headers.get("vary")).toContain("Origin");
  });

  test.each(["https://evil.example", "null", "https://app.example.com.evil.example"])(
    "%s is granted nothing",
    async (origin) => {
      const plain = await get(api, "/api/rules", { Origin: origin });
      const preflight = await api.app.request("/api/analyze", {
        method: "OPTIONS",
        headers: { Origin: origin, "Access-Control-Request-Method": "POST" },
      });
      for (const { headers } of [plain, preflight]) {
        expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
      }
      expect(preflight.status).toBe(204);
    },
  );

  test("a preflight from a configured one is granted methods and headers", async () => {
    const response = await api.app.request("/api/analyze", {
      method: "OPTIONS",
      headers: { Origin: "https://app.example.com", "Access-Control-Request-Method": "POST" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-methods")).toContain("POST");
    expect(response.headers.get("access-control-allow-headers")).toContain("Idempotency-Key");
  });
});

describe("methods", () => {
  test.each([
    ["PUT", "/api/analyze", "POST, OPTIONS"],
    ["GET", "/api/analyze", "POST, OPTIONS"],
    ["POST", "/api/analysis/x", "GET, HEAD, DELETE, OPTIONS"],
    ["DELETE", "/health", "GET, HEAD, OPTIONS"],
    ["PROPFIND", "/api/history", "GET, HEAD, OPTIONS"],
  ])("%s %s is METHOD_NOT_ALLOWED and names %s", async (method, path, allow) => {
    const response = await api.app.request(path, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    expect((await bodyOf(response)).error.code).toBe("METHOD_NOT_ALLOWED");
  });

  test("OPTIONS without a preflight tells what an address allows", async () => {
    const response = await api.app.request("/api/analyze", { method: "OPTIONS" });
    expect([response.status, response.headers.get("allow")]).toEqual([204, "POST, OPTIONS"]);
    expect((await api.app.request("/nowhere", { method: "OPTIONS" })).status).toBe(404);
  });

  test.each(["/", "/api", "/api/", "/API/history", "/api/history/", "//api/history", "/api/analysis/"])(
    "%s is NOT_FOUND",
    async (path) => {
      const response = await get(api, path, tenant.auth);
      expect([response.status, (await bodyOf(response)).error.code]).toEqual([404, "NOT_FOUND"]);
    },
  );
});

test("one line is logged per request, with its id and location and without query or key", async () => {
  const id = crypto.randomUUID();
  await get(api, "/api/history?workflowId=private-thing", { ...tenant.auth, "X-Request-ID": id });
  const lines = api.logged.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId === id);
  expect(lines).toEqual([
    expect.objectContaining({
      level: "info",
      message: expect.stringMatching(/^← GET \/api\/history 200 \(\d+ms\)$/),
      method: "GET",
      path: "/api/history",
      statusCode: 200,
      durationMs: expect.any(Number),
      locationId: tenant.locationId,
      service: "api",
      environment: "test",
      timestamp: expect.any(String),
    }),
  ]);
  expect(api.logged.join("")).not.toMatch(/private-thing|wd_live_/);
});
