import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";
import { complete } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
let tenant: Tenant;
let path: string;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
  const id = await submitted(api, tenant);
  await complete(api.workerDatabase, id);
  path = `/api/analysis/${id}/report`;
});
afterAll(() => api.close());

const types = {
  json: "application/json",
  md: "text/markdown",
  sarif: "application/sarif+json",
  html: "text/html",
  svg: "image/svg+xml",
};

test.each(Object.entries(types))(
  "the report as %s is raw, by format and by Accept, and locked down",
  async (format, type) => {
    const answers = [
      await get(api, `${path}?format=${format}`, { ...tenant.auth, Accept: "*/*" }),
      await get(api, path, { ...tenant.auth, Accept: type }),
    ];
    for (const response of answers) {
      expect(response.status).toBe(200);
      expect(await problemsOf("GET", path, response)).toEqual([]);
      expect(response.headers.get("content-type")).toContain(type);
      expect(response.headers.get("content-security-policy")).toBe(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
      );
    }
    const [one, two] = await Promise.all(answers.map((response) => response.text()));
    expect(two).toBe(one);
    expect(one).toContain(format === "svg" ? "Workflow Welcome new lead" : "Step 4 goes round");
  },
);

test.each(Object.keys(types))("the report as %s is cut to the Free plan", async (format) => {
  const free = await api.newLocation("free");
  const id = await submitted(api, free);
  await complete(api.workerDatabase, id);
  const response = await get(api, `/api/analysis/${id}/report?format=${format}`, free.auth);
  expect(response.status).toBe(200);
  expect(await response.text()).not.toContain("Step 4 goes round");
});

test("an unknown format is 400; a browser's Accept gets the page", async () => {
  expect((await get(api, `${path}?format=pdf`, tenant.auth)).status).toBe(400);
  const browser = await get(api, path, { ...tenant.auth, Accept: "text/html,application/xhtml+xml,*/*;q=0.8" });
  expect(browser.headers.get("content-type")).toContain("text/html");
});

test("an unfinished analysis has no report yet: 409", async () => {
  const id = await submitted(api, tenant);
  const response = await get(api, `/api/analysis/${id}/report`, tenant.auth);
  expect([response.status, (await bodyOf(response)).error.code]).toEqual([409, "CONFLICT"]);
});
