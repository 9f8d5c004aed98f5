import type { Endpoint } from "./endpoint.ts";
import { analysisEndpoints } from "./endpoints/analyses.ts";
import { developmentEndpoints } from "./endpoints/development.ts";
import { documentationEndpoints } from "./endpoints/documentation.ts";
import { healthEndpoints } from "./endpoints/health.ts";
import { identityEndpoints } from "./endpoints/identity.ts";
import { locationRunEndpoints } from "./endpoints/location-runs.ts";
import { operationEndpoints } from "./endpoints/operations.ts";
import { ruleEndpoints } from "./endpoints/rules.ts";
import { settingsEndpoints } from "./endpoints/settings.ts";
import { subscriptionEndpoints } from "./endpoints/subscription.ts";
import { webhookEndpoints } from "./endpoints/webhooks.ts";
import { workflowEndpoints } from "./endpoints/workflows.ts";

/** Operation id → everything the outside may know about it. */
export const endpoints = {
  ...identityEndpoints,
  ...analysisEndpoints,
  ...locationRunEndpoints,
  ...workflowEndpoints,
  ...ruleEndpoints,
  ...settingsEndpoints,
  ...subscriptionEndpoints,
  ...webhookEndpoints,
  ...operationEndpoints,
  ...healthEndpoints,
  ...developmentEndpoints,
  ...documentationEndpoints,
} as const satisfies Readonly<Record<string, Endpoint>>;

export type OperationId = keyof typeof endpoints;
