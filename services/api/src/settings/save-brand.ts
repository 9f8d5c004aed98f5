import { checkBrand } from "@workflow-debugger/engine/report";
import { planLimits } from "@workflow-debugger/shared/billing";
import { AppError, brandRequest } from "@workflow-debugger/shared/contract";
import { saveBrand } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import { valid } from "../answers/validation.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { brandToShow } from "./brand-of.ts";

/** `PUT /api/settings/brand`: the body is the whole brand. Without white label in the plan it can only be cleared. */
export function saveBrandRoute({ database }: Pick<Dependencies, "database">) {
  return async function save(context: Context<AppEnv>): Promise<Response> {
    const { name = null, logo = null, colour = null } = valid(brandRequest, context.get("body").value);
    const brand = { name, logo, colour };
    const shown = brandToShow(brand);
    checkShowable(shown);
    const { locationId, plan, actor } = context.get("caller");
    const inUse = planLimits[plan].whiteLabel;
    if (!inUse && Object.keys(shown).length > 0) {
      throw new AppError("PLAN_REQUIRED", { message: "Reports with a brand of your own are part of the Pro plan." });
    }
    await saveBrand(database, { locationId, brand, actor, requestId: context.get("requestId") });
    return resource(context, { ...brand, inUse });
  };
}

function checkShowable(brand: object): void {
  const problems = checkBrand(brand);
  const [first] = problems;
  if (first === undefined) return;
  const details = problems.map(({ path, code, message }) => ({ path, code: code.toLowerCase(), message }));
  throw new AppError("VALIDATION_FAILED", { message: first.message, details });
}
