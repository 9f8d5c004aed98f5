import type { DatedSource } from "./dated-source.ts";

export const freeMailDomainsSource: DatedSource = {
  asOf: "2026-08-02",
  sources: ["help article 155000001634 (sender requirements of Google and Yahoo)"],
};

/** Mailbox providers whose DMARC policy refuses mail that another server sends in their name. */
export const freeMailDomains: ReadonlySet<string> = new Set([
  "gmail.com",
  "googlemail.com",
  "yahoo.com",
  "yahoo.co.uk",
  "ymail.com",
  "aol.com",
  "outlook.com",
  "hotmail.com",
  "live.com",
  "msn.com",
  "icloud.com",
  "me.com",
  "gmx.com",
  "gmx.net",
  "gmx.de",
  "web.de",
  "t-online.de",
  "proton.me",
  "protonmail.com",
]);
