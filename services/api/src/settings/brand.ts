import { type Brand, checkBrand } from "@workflow-debugger/engine/report";
import { planLimits } from "@workflow-debugger/shared/billing";
import { AppError, brandRequest, type settingsHeaders } from "@workflow-debugger/shared/contract";
import type { Context } from "hono";
import { valid } from "../answers/validation.ts";
import type { AppEnv, Caller, Dependencies } from "../dependencies.ts";
import { takeBody } from "../middleware/json-body.ts";
import type { Validated } from "../middleware/validated.ts";
import { answerSettings, openSettings, storeSettings } from "./documents.ts";

type Parts = Pick<Dependencies, "database" | "keyRing">;

/** The brand that a caller's reports carry: the stored one where the plan has white label, else none. */
export async function brandOf(parts: Parts, { locationId, plan }: Caller): Promise<Brand> {
  if (!planLimits[plan].whiteLabel) return {};
  return (await openSettings(parts, locationId, ["brand"])).brand?.contents ?? {};
}

/** `GET /api/settings/brand`: what is stored, and whether the plan shows it. */
export function readBrandRoute(parts: Parts) {
  return (context: Context<AppEnv>): Promise<Response> => answer(context, parts);
}

/** `PUT /api/settings/brand`: the body is the whole brand. Without white label in the plan it can only be cleared. */
export function putBrandRoute(parts: Parts) {
  return async function put(context: Validated<"header", typeof settingsHeaders>): Promise<Response> {
    const { "if-match": ifMatch } = context.req.valid("header");
    const given = Object.entries(valid(brandRequest, takeBody(context).parse()));
    const brand: Brand = Object.fromEntries(given.filter(([, value]) => typeof value === "string"));
    refuseUnshowable(brand);
    if (!planLimits[context.get("caller").plan].whiteLabel && Object.keys(brand).length > 0) {
      throw new AppError("PLAN_REQUIRED", { message: "Reports with a brand of your own are part of the Pro plan." });
    }
    await storeSettings(context, parts, { name: "brand", contents: brand, ifMatch });
    return answer(context, parts);
  };
}

async function answer(context: Context<AppEnv>, parts: Parts): Promise<Response> {
  const { locationId, plan } = context.get("caller");
  const { brand: stored } = await openSettings(parts, locationId, ["brand"]);
  const { name = null, logo = null, colour = null } = stored?.contents ?? {};
  return answerSettings(context, stored, { name, logo, colour, inUse: planLimits[plan].whiteLabel });
}

function refuseUnshowable(brand: Brand): void {
  const problems = checkBrand(brand);
  const [first] = problems;
  if (first === undefined) return;
  const details = problems.map(({ path, code, message }) => ({ path, code: code.toLowerCase(), message }));
  throw new AppError("VALIDATION_FAILED", { message: first.message, details });
}
