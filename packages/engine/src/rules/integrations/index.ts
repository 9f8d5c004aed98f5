/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { channelNotConnected } from "./channel-not-connected.ts";
import { hardcodedEndpoint } from "./hardcoded-endpoint.ts";
import { hardcodedSecret } from "./hardcoded-secret.ts";
import { inboundWebhookNoContact } from "./inbound-webhook-no-contact.ts";
import { nonIdempotentRepeat } from "./non-idempotent-repeat.ts";
import { sensitiveDataOutbound } from "./sensitive-data-outbound.ts";
import { webhookFailureUnobserved } from "./webhook-failure-unobserved.ts";
import { webhookPlainHttp } from "./webhook-plain-http.ts";
import { webhookResponseNotSaved } from "./webhook-response-not-saved.ts";
import { webhookUnreachableHost } from "./webhook-unreachable-host.ts";

export const integrationsRules: readonly Rule[] = [
  hardcodedSecret,
  webhookPlainHttp,
  webhookUnreachableHost,
  webhookFailureUnobserved,
  webhookResponseNotSaved,
  inboundWebhookNoContact,
  sensitiveDataOutbound,
  nonIdempotentRepeat,
  channelNotConnected,
  hardcodedEndpoint,
];
