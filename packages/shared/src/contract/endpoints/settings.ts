import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import {
  brandRequest,
  brandSettings,
  factsRequest,
  factsSettings,
  rulesSettings,
  rulesSettingsRequest,
  settingsHeaders,
} from "../settings.ts";

const noQuery = z.strictObject({});
const tag = { ETag: "Changes with every change of the settings; send it back as If-Match." };
const suppression = {
  rule: "LOOP-001",
  workflowId: "wf-welcome",
  stepId: "again",
  reason: "The loop ends when the lead books.",
  until: "2026-12-31",
};

const brand = {
  name: "Northwind Automation",
  logo: "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
  colour: "#0a7d5c",
};

export const settingsEndpoints = {
  getBrandSettings: {
    method: "get",
    path: "/api/settings/brand",
    tag: "Settings",
    summary: "Whose name, logo and colour reports carry",
    scope: "read",
    limit: "api",
    query: noQuery,
    answers: { 200: { description: "The brand.", schema: brandSettings, headers: tag } },
  },
  putBrandSettings: {
    method: "put",
    path: "/api/settings/brand",
    tag: "Settings",
    summary: "Set the brand of reports, as a whole",
    description:
      "White label for reports as `html` and `svg`. What is left out is no longer set. A plan without white label can only " +
      "clear it; a brand that is stored stays through such a plan and is shown again after.",
    scope: "analyze",
    limit: "api",
    query: noQuery,
    headers: settingsHeaders,
    body: { schema: brandRequest, examples: { brand } },
    answers: { 200: { description: "The brand as it is now.", schema: brandSettings, headers: tag } },
    errors: ["CONFLICT", "PLAN_REQUIRED"],
  },
  getRulesSettings: {
    method: "get",
    path: "/api/settings/rules",
    tag: "Settings",
    summary: "How the location has its rules set, and which findings it accepts",
    scope: "read",
    limit: "api",
    query: noQuery,
    answers: { 200: { description: "The settings.", schema: rulesSettings, headers: tag } },
  },
  putRulesSettings: {
    method: "put",
    path: "/api/settings/rules",
    tag: "Settings",
    summary: "Set rules and accept findings, for every new analysis",
    description:
      "Replaces all of it. `options.rules` of a request go before. An accepted finding stands under `suppressed` of a report with who accepted it, why and until when; an exception that has ended, or hides nothing, is a note.",
    scope: "analyze",
    limit: "api",
    query: noQuery,
    headers: settingsHeaders,
    body: {
      schema: rulesSettingsRequest,
      examples: { settings: { rules: { "CONT-001": { severity: "low" } }, suppressions: [suppression] } },
    },
    answers: { 200: { description: "The settings as they are now.", schema: rulesSettings, headers: tag } },
    errors: ["CONFLICT"],
  },
  getFactsSettings: {
    method: "get",
    path: "/api/settings/facts",
    tag: "Settings",
    summary: "What is known of the location, from where, and what is missing",
    scope: "read",
    limit: "api",
    query: noQuery,
    answers: { 200: { description: "The facts.", schema: factsSettings, headers: tag } },
  },
  putFactsSettings: {
    method: "put",
    path: "/api/settings/facts",
    tag: "Settings",
    summary: "Give facts about the location, for every new analysis",
    description:
      "Replaces all that was given before; a key that is absent is as HighLevel gave it, or unknown. `options.facts` of a request go before.",
    scope: "analyze",
    limit: "api",
    query: noQuery,
    headers: settingsHeaders,
    body: {
      schema: factsRequest,
      examples: { facts: { facts: { tags: ["hot"], sendingDomains: ["mail.acme.example"] } } },
    },
    answers: { 200: { description: "The facts as they are now.", schema: factsSettings, headers: tag } },
    errors: ["CONFLICT"],
  },
  refreshFacts: {
    method: "post",
    path: "/api/settings/facts/refresh",
    tag: "Settings",
    summary: "Read the facts from HighLevel now",
    description: "They are also read once a day. What the granted scopes do not open is named under `missing`.",
    scope: "analyze",
    limit: "api",
    query: noQuery,
    answers: { 200: { description: "The facts as they are now.", schema: factsSettings, headers: tag } },
    errors: ["UPSTREAM_FAILED", "UPSTREAM_TIMEOUT"],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
