import { AppError, type callbackQuery } from "@workflow-debugger/shared/contract";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { connectGrant } from "./connect.ts";
import { beginSession } from "./session-cookie.ts";
import { takeSignIn } from "./sign-in-state.ts";

/** `GET /auth/callback`: the code becomes tokens and a session, once. */
export function callbackRoute(dependencies: Dependencies) {
  const { highLevel, settings } = dependencies;

  return async function callback(context: Validated<"query", typeof callbackQuery>): Promise<Response> {
    const { code, state, error } = context.req.valid("query");
    // An install begun in the marketplace: whose browser this is, nobody can tell. The sign-in begins anew.
    if (state === undefined && error === undefined) return context.redirect("/auth/login", 302);
    const begun = await takeSignIn(context, state ?? "", dependencies);
    if (error !== undefined) return context.redirect(deniedAddress(), 302);
    if (code === undefined) {
      throw new AppError("VALIDATION_FAILED", {
        details: [{ path: "/code", code: "required", message: "is missing" }],
      });
    }
    const grant = await highLevel.client.exchangeCode(code, highLevel.redirectUri);
    const locationId = await connectGrant(grant, begun.wantedLocation, dependencies);
    await beginSession(context, { locationId, userId: grant.userId, embedded: false }, dependencies);
    return context.redirect(begun.returnTo === null ? settings.appUrl : appAddress(begun.returnTo), 302);
  };

  function appAddress(relative: string): string {
    return new URL(relative, settings.appUrl).href;
  }

  function deniedAddress(): string {
    const address = new URL(settings.appUrl);
    address.searchParams.set("signIn", "denied");
    return address.href;
  }
}
