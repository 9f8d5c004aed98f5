import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "../local/checkout.ts";

/** No credential stands in a file that git knows: each kind by the form that its issuer gives it. */

const kinds: Readonly<Record<string, RegExp>> = {
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}/,
  "a live key of Stripe": /\b[sr]k_live_(?=\w*\d)(?=\w*[a-z])\w{16,}/,
  "a webhook secret of Stripe": /\bwhsec_(?=\w*\d)[A-Za-z0-9+/]{24,}/,
  "a key of AWS": /\bAKIA[0-9A-Z]{16}\b/,
  "a token of GitHub": /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  "a token of Slack": /\bxox[abprs]-\d[A-Za-z0-9-]{10,}/,
  "a key of Google": /\bAIza[0-9A-Za-z_-]{35}\b/,
  "a token of npm": /\bnpm_[A-Za-z0-9]{36}\b/,
  "a key of SendGrid": /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/,
  "a signed token": /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/,
  "an API key of ours": /\bwd_live_(?=\w*\d)[A-Za-z0-9_-]{40,}/,
  "a password in an address": /\b(?:postgres(?:ql)?|rediss?|https?):\/\/[^\s:/@]+:(?=[^\s@]*\d)[^\s@/${}<>[\]]{16,}@/,
};

const found = (text: string) => Object.entries(kinds).flatMap(([kind, form]) => (form.test(text) ? [kind] : []));

test("no file of the repository holds a credential", () => {
  const files = execFileSync("git", ["-C", checkout, "ls-files", "-z"], { encoding: "utf8" })
    .split("\0")
    .filter(Boolean);
  expect(files.length).toBeGreaterThan(100);
  const holding = files
    .filter((file) => statSync(join(checkout, file), { throwIfNoEntry: false })?.isFile())
    .flatMap((file) => found(readFileSync(join(checkout, file), "utf8")).map((kind) => `${file}: ${kind}`));
  expect(holding).toEqual([]);
});

/** Put together here, so that this file holds none. */
const letters = (length: number) => "a1B2c3D4e5F6g7H8i9J0".repeat(4).slice(0, length);
test.each([
  ["a private key", `-----BEGIN ${"PRIVATE"} KEY-----\n${letters(40)}`],
  ["a live key of Stripe", `sk_${"live"}_${letters(24)}`],
  ["a webhook secret of Stripe", `whsec${"_"}${letters(32)}`],
  ["a token of GitHub", `ghp${"_"}${letters(36)}`],
  ["an API key of ours", `wd_${"live"}_${letters(43)}`],
  ["a password in an address", `postgres://wd:${letters(20)}@db.example.com/wd`],
])("the scan sees %s", (kind, text) => {
  expect(found(text)).toEqual([kind]);
});
