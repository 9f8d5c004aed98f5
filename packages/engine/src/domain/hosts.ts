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

/** Where sites are shown before they go live; no place to send customers to. */
export const previewSuffixes: readonly string[] = [
  "vercel.app",
  "netlify.app",
  "webflow.io",
  "pages.dev",
  "lovable.app",
  "replit.dev",
  "replit.app",
  "staging.wpengine.com",
  "myftpupload.com",
  "wpcomstaging.com",
];

/** First labels of a host name that say the same of one's own domain. */
export const previewLabels: ReadonlySet<string> = new Set([
  "staging",
  "stage",
  "preview",
  "dev",
  "test",
  "uat",
  "localdev",
]);

/** HighLevel's own hosts: booking pages, forms, files and short links of every location stand there. */
export const vendorHosts: readonly string[] = [
  "leadconnectorhq.com",
  "gohighlevel.com",
  "highlevel.com",
  "msgsndr.com",
  "leadconnectorsites.com",
  "filesafe.space",
];

/** Places where any business may have a page: a link there says nothing about whose it is. */
export const sharedHosts: readonly string[] = [
  "google.com",
  "goo.gl",
  "g.page",
  "gstatic.com",
  "googleapis.com",
  "youtube.com",
  "youtu.be",
  "vimeo.com",
  "loom.com",
  "facebook.com",
  "fb.com",
  "instagram.com",
  "linkedin.com",
  "tiktok.com",
  "x.com",
  "twitter.com",
  "pinterest.com",
  "yelp.com",
  "trustpilot.com",
  "wa.me",
  "whatsapp.com",
  "t.me",
  "zoom.us",
  "microsoft.com",
  "apple.com",
  "dropbox.com",
  "cloudfront.net",
  "amazonaws.com",
  "stripe.com",
  "paypal.com",
  "w3.org",
];

/** Interfaces of vendors that everybody calls at one address: who calls is told by the key, not by the host. */
const publicApiHosts: readonly string[] = [
  "leadconnectorhq.com",
  "gohighlevel.com",
  "api.openai.com",
  "api.anthropic.com",
  "api.stripe.com",
  "api.twilio.com",
  "api.telegram.org",
  "api.sendgrid.com",
  "api.airtable.com",
  "api.notion.com",
  "graph.facebook.com",
  "googleapis.com",
  "slack.com",
];

export function isPublicApi(host: string): boolean {
  return publicApiHosts.some((known) => host === known || host.endsWith(`.${known}`));
}
