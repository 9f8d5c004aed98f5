import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretKinds } from "../domain/secret-kinds.ts";
import { secretsIn } from "./secrets.ts";

const bare = { label: "", entropy: false };
const kinds = (text: string, context = bare) =>
  secretsIn(text, context).map(({ kind, confidence }) => `${kind}, ${confidence}`);

/** Keys are put together here, so that no scanner takes the source for a leak. */
const stripe = `sk_${"live"}_51Hq8vLkR2mZxT9wB4`;
const random = "q7Zp2LwX9vRt4KsB8nYc3MdF6hGj1TzQ5uVe";

describe("secretsIn", () => {
  it.each([
    [`Authorization: Bearer ${stripe}`, ["Stripe live key, certain"]],
    ["Bearer 8fK2mQ9xLz71", ["bearer token, certain"]],
    ["Basic dXNlcjpwYXNzd29yZDE=", ["basic credentials, certain"]],
    ["https://api.acme.dental/lead?secret=Wn3kd9sLq", ["value of secret, likely"]],
    ["https://api.acme.dental/lead?a=1&api_key=77201933812", ["value of api_key, likely"]],
    ['{"apiKey": "Zk39dkLmQp2"}', ["value of apiKey, likely"]],
    ['const token = "Zk39dkLmQp2x"', ["value of token, likely"]],
    [`headers["x-api-key"] = '9dKs02mLqPz'`, ["value of x-api-key, likely"]],
    [`pit-${"3f1c9a7e-52d4-4b8e-9a61-0c7d2e5f8b13"}`, ["HighLevel private integration token, certain"]],
    [
      `eyJ${"hbGciOiJIUzI1NiJ9"}.eyJ${"zdWIiOiIxMjM0NTYifQ"}.dBjftJeZ4CVPmB92K27uhbUJU1p1r`,
      ["signed token (JWT), likely"],
    ],
    ["https://sync:Wn3kd9sLq@api.acme.dental/lead", ["password in a web address, likely"]],
    [`-----BEGIN RSA ${"PRIVATE KEY"}-----\nMIIEow`, ["private key, certain"]],
  ])("%s", (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  it.each([
    "Bearer {{custom_values.api_token}}",
    "https://api.acme.dental/lead?api_key={{custom_values.key}}",
    "Bearer YOUR_API_KEY_1",
    "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
    "https://api.acme.dental/lead?token=your-token-here",
    "https://hooks.zapier.com/hooks/catch/1234567/b8kd93x/",
    "https://api.acme.dental/contacts/9f3c1b7a-2d4e-4f6a-8b1c-3d5e7f9a0b2c?sort=name",
    '{"token": "access_token_field"}',
    "const token = await getToken(inputData.apiKey)",
    "Reply with the secret word to win",
    "The password is the name of your first pet",
    "Basic cleaning starts at 90",
    "pk_live_51Hq8vLkR2mZxT9wB4",
    "sk-friendly-onboarding-sequence-for-new-members",
  ])("%s is no secret", (text) => {
    expect(kinds(text)).toEqual([]);
  });

  it("knows a header by its name", () => {
    expect(kinds("Zk39dkLmQp2x", { label: "X-Api-Key", entropy: false })).toEqual(["value of X-Api-Key, likely"]);
    expect(kinds("application/json", { label: "Content-Type", entropy: true })).toEqual([]);
  });

  it("takes a random-looking value for possible where one is expected", () => {
    expect(kinds(random, { label: "X-Custom", entropy: true })).toEqual(["random-looking value, possible"]);
    expect(kinds(random, bare)).toEqual([]);
    expect(kinds(`https://files.acme.dental/d/${random}/view`, { label: "", entropy: true })).toEqual([]);
  });

  it("never shows a part of the secret", () => {
    const body = fc.string({
      unit: fc.constantFrom(..."ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"),
      minLength: 60,
      maxLength: 80,
    });
    fc.assert(
      fc.property(fc.constantFrom(...secretKinds), body, (kind, secret) => {
        const text = `Bearer ${kind.prefix}${secret}7`;
        for (const found of secretsIn(text, bare)) {
          for (let at = 0; at + 4 <= secret.length; at++)
            expect(JSON.stringify(found)).not.toContain(secret.slice(at, at + 4));
        }
      }),
    );
  });

  it("keeps its places inside any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.boolean(), (text, entropy) => {
        for (const { start, end } of secretsIn(text, { label: "token", entropy })) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it.each(["a", "a1 ", "sk-", "token=", "/", "?token=", "-----BEGIN "])("takes 10 MB of %s", (part) => {
    expect(secretsIn(part.repeat(10_000_000 / part.length), { label: "token", entropy: true }).length).toBeLessThan(2);
  });
});
