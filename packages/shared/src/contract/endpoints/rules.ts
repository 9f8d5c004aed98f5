import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { ruleResource } from "../rules.ts";

export const ruleEndpoints = {
  listRules: {
    method: "get",
    path: "/api/rules",
    tag: "Rules",
    summary: "Every rule the engine knows",
    scope: "none",
    limit: "api",
    query: z.strictObject({}),
    answers: {
      200: { description: "All rules in catalogue order, one page.", schema: ruleResource, envelope: "list" },
    },
  },
  getRule: {
    method: "get",
    path: "/api/rules/{code}",
    tag: "Rules",
    summary: "One rule, by code or id",
    scope: "none",
    limit: "api",
    params: z.object({ code: z.string().meta({ description: "`LOOP-001` or `goto-loop-no-delay`." }) }),
    query: z.strictObject({}),
    answers: { 200: { description: "The rule.", schema: ruleResource } },
    errors: ["NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
