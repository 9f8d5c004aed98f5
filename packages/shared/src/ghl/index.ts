/** HighLevel: a thin client of its API, the tokens of all installs, the sign-in, and the user context of its pages. */

export { authorizationUrl } from "./authorization.ts";
export {
  createGhlClient,
  type GhlClient,
  type GhlClientSettings,
  type GhlGrant,
  type GhlTokens,
} from "./client.ts";
export { GhlError, type GhlErrorCategory } from "./errors.ts";
export { readLocationFacts } from "./location-facts.ts";
export { appIdOf, openHighLevel } from "./open.ts";
export { createRateBudget, type RateBudget } from "./rate-budget.ts";
export { type FactsReading, refreshLocationFacts } from "./refresh-facts.ts";
export { createResilience, RESILIENCE, type Resilience, type ResilienceSettings } from "./resilience.ts";
export { openSsoPayload, type SsoUser } from "./sso.ts";
export { createStructureSource, type StructureSource } from "./structure-source.ts";
export { createTokenSource, type GhlAccess, type KeptInstall, type TokenSource } from "./token-source.ts";

export { type HighLevelEvent, parseHighLevelEvent, WORKFLOW_TRIGGER } from "./webhook-event.ts";
export {
  isSignedByHighLevel,
  openWebhookKeys,
  PUBLISHED_WEBHOOK_KEY,
  RETIRED_WEBHOOK_KEY,
  readWebhookKey,
  type WebhookKeys,
  type WebhookSignatures,
} from "./webhook-signature.ts";
