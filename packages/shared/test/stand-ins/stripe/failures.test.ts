import Stripe from "stripe";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type StripeFailure, type StripeStandIn, startStripeStandIn } from "./server.ts";

let standIn: StripeStandIn;
let stripe: Stripe;
beforeAll(async () => {
  standIn = await startStripeStandIn({ webhookSecret: "whsec_stand_in" });
  const { hostname, port } = new URL(standIn.url);
  stripe = new Stripe("sk_test_standin", {
    host: hostname,
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    timeout: 300,
  });
});
afterEach(() => switchTo(""));
afterAll(() => standIn.close());

/** As `curl -d` does. */
function switchTo(body: string): Promise<Response> {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return fetch(`${standIn.url}/failures`, { method: "POST", body, headers, redirect: "manual" });
}

const status = async () => /role="status">([^<]*)</.exec(await (await fetch(`${standIn.url}/failures`)).text())?.[1];
const ask = () =>
  stripe.events.list().then(
    () => "answered",
    (error: unknown) => (error instanceof Error ? error.constructor.name : error),
  );

test.each([
  ["rate_limit", "StripeRateLimitError"],
  ["server", "StripeAPIError"],
  ["auth", "StripeAuthenticationError"],
  ["timeout", "StripeConnectionError"],
  ["reset", "StripeConnectionError"],
  ["garbage", "StripeAPIError"],
] as const satisfies readonly (readonly [StripeFailure, string])[])(
  "%s, switched on from outside, ends every request until it is switched off, and the real SDK says %s",
  async (failure, error) => {
    expect((await switchTo(`failure=${failure}`)).status).toBe(303);
    expect(await status()).toMatch(/^every request: /);
    expect([await ask(), await ask()]).toEqual([error, error]);
    await switchTo("");
    expect(await status()).toBe("every request is answered");
    expect(await ask()).toBe("answered");
  },
);

test("a failure that was switched on for some requests is over after them", async () => {
  await switchTo("failure=server&times=2");
  expect(await status()).toMatch(/^(one request: [^;]*; then ){2}every request is answered$/);
  expect([await ask(), await ask(), await ask()]).toEqual(["StripeAPIError", "StripeAPIError", "answered"]);
});

test.each(["failure=earthquake", "failure=server&times=1.5", "failure=server&times=-1", "failure=server&times=1001"])(
  "%s is refused, and what was set stays",
  async (body) => {
    await switchTo("failure=auth");
    expect((await switchTo(body)).status).toBe(400);
    expect(await ask()).toBe("StripeAuthenticationError");
  },
);
