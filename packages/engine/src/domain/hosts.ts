import type { DatedSource } from "./dated-source.ts";

export const hostsSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "RFC 1918, RFC 3927, RFC 4193, RFC 4291 (private and link-local addresses), RFC 2606, RFC 6761 (reserved names)",
    "help article 48001240115 (shorteners in SMS)",
    "documentation of the tunnels and request bins named here",
  ],
};

/** Names below these endings exist only inside a network, or nowhere. */
export const internalSuffixes: readonly string[] = [
  "local",
  "internal",
  "lan",
  "intranet",
  "corp",
  "home",
  "home.arpa",
  "localdomain",
  "localhost",
  "test",
  "invalid",
];

/** Tunnels to somebody's own computer: the address ends with the session, or with the laptop's lid. */
export const tunnelSuffixes: readonly string[] = [
  "ngrok.io",
  "ngrok.app",
  "ngrok.dev",
  "ngrok-free.app",
  "ngrok-free.dev",
  "trycloudflare.com",
  "loca.lt",
  "localtunnel.me",
  "localhost.run",
  "lhr.life",
  "serveo.net",
  "serveousercontent.com",
  "pagekite.me",
  "tunnelmole.net",
  "pinggy.link",
  "pinggy.io",
  "bore.pub",
  "telebit.io",
  "devtunnels.ms",
];

/** Public bins: whoever knows or guesses the address reads what arrives. */
export const binSuffixes: readonly string[] = [
  "webhook.site",
  "requestbin.com",
  "requestbin.net",
  "requestcatcher.com",
  "hookbin.com",
  "postb.in",
  "beeceptor.com",
  "typedwebhook.tools",
  "webhook-test.com",
  "requestinspector.com",
  "httpbin.org",
  "ptsv2.com",
  "m.pipedream.net",
];

/** Public URL shorteners that carriers block or filter in texts. */
export const shortenerHosts: readonly string[] = [
  "bit.ly",
  "tinyurl.com",
  "rb.gy",
  "t.co",
  "goo.gl",
  "ow.ly",
  "cutt.ly",
  "is.gd",
  "buff.ly",
  "shorturl.at",
  "t.ly",
  "tiny.cc",
  "rebrand.ly",
  "bl.ink",
  "s.id",
  "v.gd",
];
