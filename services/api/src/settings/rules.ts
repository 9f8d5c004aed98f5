import { rulesSettingsRequest, type StoredSuppression, type settingsHeaders } from "@workflow-debugger/shared/contract";
import type { Context } from "hono";
import { checkRuleNames, checkRules } from "../analyses/check-rules.ts";
import { valid } from "../answers/validation.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { takeBody } from "../middleware/json-body.ts";
import type { Validated } from "../middleware/validated.ts";
import { answerSettings, openSettings, storeSettings } from "./documents.ts";

type Parts = Pick<Dependencies, "database" | "keyRing">;

/** `GET /api/settings/rules`. */
export function readRulesSettingsRoute(parts: Parts) {
  return (context: Context<AppEnv>): Promise<Response> => answer(context, parts);
}

/** `PUT /api/settings/rules`: replaces rules and exceptions; one that stood there before keeps who accepted it and when. */
export function putRulesSettingsRoute(parts: Parts) {
  return async function put(context: Validated<"header", typeof settingsHeaders>): Promise<Response> {
    const { "if-match": ifMatch } = context.req.valid("header");
    const { rules, suppressions } = valid(rulesSettingsRequest, takeBody(context).parse());
    checkRules(rules, "/rules");
    checkRuleNames(suppressions.map(({ rule }, at) => ({ rule, path: `/suppressions/${at}/rule` })));
    const { locationId, actor } = context.get("caller");
    const before = (await openSettings(parts, locationId, ["rules"])).rules?.contents.suppressions ?? [];
    const at = new Date().toISOString();
    const signed = suppressions.map(
      (entry) => before.find((known) => isSame(known, entry)) ?? { ...entry, by: actor, at },
    );
    await storeSettings(context, parts, { name: "rules", contents: { rules, suppressions: signed }, ifMatch });
    return answer(context, parts);
  };
}

async function answer(context: Context<AppEnv>, parts: Parts): Promise<Response> {
  const { rules: stored } = await openSettings(parts, context.get("caller").locationId, ["rules"]);
  const today = new Date().toISOString().slice(0, 10);
  const suppressions = (stored?.contents.suppressions ?? []).map((entry) => ({
    ...entry,
    expired: entry.until !== undefined && entry.until < today,
  }));
  return answerSettings(context, stored, { rules: stored?.contents.rules ?? {}, suppressions });
}

function isSame(stored: StoredSuppression, given: Omit<StoredSuppression, "by" | "at">): boolean {
  return (["rule", "workflowId", "stepId", "reason", "until"] as const).every((key) => stored[key] === given[key]);
}
