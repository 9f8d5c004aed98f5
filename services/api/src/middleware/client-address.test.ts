import { Hono } from "hono";
import { expect, test } from "vitest";
import type { AppEnv } from "../dependencies.ts";
import { clientAddress } from "./client-address.ts";

const app = new Hono<AppEnv>();
app.get("/", clientAddress(["10.0.0.0/8", "192.0.2.7", "fd00::/8"]), (context) =>
  context.text(context.get("clientAddress")),
);

async function addressOf(remoteAddress: string, forwarded?: string): Promise<string> {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  const response = await app.request("/", { headers }, { incoming: { socket: { remoteAddress } } });
  return response.text();
}

test("a client that is no trusted proxy is who its socket says, whatever it claims", async () => {
  expect(await addressOf("203.0.113.9", "198.51.100.1")).toBe("203.0.113.9");
});

test("behind trusted proxies the rightmost untrusted address counts, not the client's own claim", async () => {
  expect(await addressOf("10.1.2.3", "6.6.6.6, 203.0.113.9, 10.9.9.9")).toBe("203.0.113.9");
  expect(await addressOf("192.0.2.7", "203.0.113.9")).toBe("203.0.113.9");
  expect(await addressOf("fd00::1", "2001:db8::5")).toBe("2001:db8::5");
});

test("IPv4 through a dual-stack socket is IPv4", async () => {
  expect(await addressOf("::ffff:10.1.2.3", "::ffff:203.0.113.9")).toBe("203.0.113.9");
});

test.each(["", "unknown", "a, b", "10.0.0.1, 10.0.0.2"])(
  "a useless header %j leaves a proxy's address",
  async (forwarded) => {
    expect(await addressOf("10.1.2.3", forwarded)).toMatch(/^10\./);
  },
);
