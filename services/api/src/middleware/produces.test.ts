import { Hono } from "hono";
import { expect, test } from "vitest";
import type { AppEnv } from "../dependencies.ts";
import { produces } from "./produces.ts";

const app = new Hono<AppEnv>();
app.get("/", produces("application/json", "text/markdown"), (context) => context.text(context.get("mediaType")));
app.onError((error, context) => context.text(error.message, 406));

test.each([
  ["*/*", "application/json"],
  ["text/markdown", "text/markdown"],
  ["TEXT/Markdown", "text/markdown"],
  ["text/*;q=0.9, application/json;q=0.1", "text/markdown"],
  ["text/html, */*;q=0.1", "application/json"],
  ["application/json;q=0, */*", "text/markdown"],
  ["application/*", "application/json"],
])("Accept: %s chooses %s", async (accept, chosen) => {
  expect(await (await app.request("/", { headers: { accept } })).text()).toBe(chosen);
});

test.each(["text/html", "application/json;q=0", "image/*", "*/*;q=0"])("Accept: %s is 406", async (accept) => {
  expect((await app.request("/", { headers: { accept } })).status).toBe(406);
});

test("without Accept the first type is chosen", async () => {
  expect(await (await app.request("/")).text()).toBe("application/json");
});
