import type { loginQuery } from "@workflow-debugger/shared/contract";
import { authorizationUrl } from "@workflow-debugger/shared/ghl";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { beginSignIn } from "./sign-in-state.ts";

/** `GET /auth/login`: on to HighLevel's page of consent. */
export function loginRoute(dependencies: Dependencies) {
  const { client, authorizeUrl, redirectUri, scopes } = dependencies.highLevel;

  return async function login(context: Validated<"query", typeof loginQuery>): Promise<Response> {
    const { returnTo = null, locationId = null } = context.req.valid("query");
    const state = await beginSignIn(context, { returnTo, wantedLocation: locationId }, dependencies);
    const { clientId } = client.settings;
    return context.redirect(authorizationUrl({ authorizeUrl, clientId, redirectUri, scopes, state }), 302);
  };
}
