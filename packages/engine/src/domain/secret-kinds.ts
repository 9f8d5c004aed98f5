import type { DatedSource } from "./dated-source.ts";

/** A kind of key that says by its first letters what it is. */
export interface SecretKind {
  /** Whose key it is, in a user's words. */
  readonly name: string;
  /** How it starts. Shown in findings: it is the same for everybody. */
  readonly prefix: string;
  /** Characters after the prefix that a real one has at least. */
  readonly least: number;
  /** The vendor's own marking of keys for trials. */
  readonly trial?: true;
}

export const secretKindsSource: DatedSource = {
  asOf: "2026-08-19",
  sources: ["the vendors' documentation of their key formats", "help article 155000005047 (credentials in workflows)"],
};

export const secretKinds: readonly SecretKind[] = [
  { name: "Stripe live key", prefix: "sk_live_", least: 16 },
  { name: "Stripe restricted key", prefix: "rk_live_", least: 16 },
  { name: "Stripe trial key", prefix: "sk_test_", least: 16, trial: true },
  { name: "Stripe webhook secret", prefix: "whsec_", least: 20 },
  { name: "HighLevel private integration token", prefix: "pit-", least: 30 },
  { name: "Anthropic key", prefix: "sk-ant-", least: 20 },
  { name: "OpenAI project key", prefix: "sk-proj-", least: 20 },
  { name: "OpenRouter key", prefix: "sk-or-", least: 20 },
  { name: "OpenAI key", prefix: "sk-", least: 32 },
  { name: "AWS access key", prefix: "AKIA", least: 16 },
  { name: "Google key", prefix: "AIza", least: 30 },
  { name: "Google access token", prefix: "ya29.", least: 30 },
  { name: "GitHub token", prefix: "ghp_", least: 30 },
  { name: "GitHub token", prefix: "gho_", least: 30 },
  { name: "GitHub token", prefix: "ghs_", least: 30 },
  { name: "GitHub token", prefix: "github_pat_", least: 30 },
  { name: "GitLab token", prefix: "glpat-", least: 18 },
  { name: "Slack bot token", prefix: "xoxb-", least: 20 },
  { name: "Slack user token", prefix: "xoxp-", least: 20 },
  { name: "Slack app token", prefix: "xapp-", least: 20 },
  { name: "SendGrid key", prefix: "SG.", least: 40 },
  { name: "Mailgun key", prefix: "key-", least: 32 },
  { name: "Meta access token", prefix: "EAA", least: 60 },
  { name: "Shopify token", prefix: "shpat_", least: 28 },
  { name: "Shopify secret", prefix: "shpss_", least: 28 },
  { name: "Square token", prefix: "sq0atp-", least: 20 },
  { name: "Notion token", prefix: "ntn_", least: 30 },
  { name: "Linear key", prefix: "lin_api_", least: 30 },
  { name: "npm token", prefix: "npm_", least: 30 },
  { name: "Hugging Face token", prefix: "hf_", least: 30 },
  { name: "DigitalOcean token", prefix: "dop_v1_", least: 40 },
  { name: "HubSpot token", prefix: "pat-na1-", least: 30 },
];

/** Names of settings whose value is a secret. Compared without case, "-", "_" and blanks. */
export const secretNames: ReadonlySet<string> = new Set([
  "secret",
  "token",
  "apikey",
  "apitoken",
  "apisecret",
  "xapikey",
  "xauthtoken",
  "xapitoken",
  "xaccesstoken",
  "accesskey",
  "accesstoken",
  "refreshtoken",
  "authtoken",
  "authkey",
  "bearer",
  "bearertoken",
  "clientsecret",
  "appsecret",
  "privatekey",
  "secretkey",
  "signingkey",
  "signingsecret",
  "sharedsecret",
  "webhooksecret",
  "webhooktoken",
  "password",
  "passwd",
  "passphrase",
  "pwd",
  "pat",
  "pit",
]);

/** Words in a value that make it a sample: nobody's real key holds them. */
export const sampleWords: readonly string[] = [
  "your",
  "example",
  "sample",
  "placeholder",
  "changeme",
  "change_me",
  "insert",
  "replace",
  "dummy",
  "redacted",
  "removed",
  "todo",
  "xxxx",
  "....",
  "****",
  "1234567890",
  "abcdefgh",
];
