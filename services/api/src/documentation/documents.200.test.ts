import { buildOpenApi } from "@workflow-debugger/shared/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { get } from "../../test/support/requests.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test("the document is raw JSON and the one the contract builds", async () => {
  const response = await get(api, "/openapi.json");
  expect(response.headers.get("content-type")).toContain("application/json");
  const document = buildOpenApi("0.0.0-test", "http://127.0.0.1:3000");
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)));
});

test("every documented operation is served, and nothing else is", () => {
  const served = api.app.routes
    .filter(({ method, path }) => method !== "ALL" && path !== "/docs/reference.js")
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, "{$1}")}`);
  const { paths } = JSON.parse(JSON.stringify(buildOpenApi("0", "http://localhost")));
  const documented = Object.entries<object>(paths)
    .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`))
    .filter((operation) => !operation.includes("/test/"));
  expect([...new Set(served)].sort()).toEqual(documented.sort());
});

test("the page and all it loads come from the API, under a policy that lets nothing else in", async () => {
  const response = await get(api, "/docs", { Accept: "text/html" });
  expect(response.status).toBe(200);
  const html = await response.text();
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  const nonce = /'nonce-([\w-]+)'/.exec(policy)?.[1];
  const scripts = [...html.matchAll(/<script([^>]*)>/g)].map((match) => match[1] ?? "");
  expect(scripts.length).toBeGreaterThan(0);
  for (const attributes of scripts) expect(attributes).toContain(`nonce="${nonce}"`);
  expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1])).toEqual(["/docs/reference.js"]);
  expect(html).not.toMatch(/https?:\/\//);
});

test("the page's script is served from the package, to be kept for a while", async () => {
  const response = await get(api, "/docs/reference.js");
  expect(response.headers.get("content-type")).toContain("text/javascript");
  expect(response.headers.get("cache-control")).toContain("max-age");
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1_000_000);
});
