import { encryptSsoPayload, type HighLevelStandIn, startHighLevel } from "@workflow-debugger/shared/stand-ins";
import { type ApiUnderTest, SSO_SECRET } from "./api-under-test.ts";
import { get, post } from "./requests.ts";

/** Signs in as a browser does, and keeps its cookies. */

export const ORIGIN = "https://api.example.com";

/** One agency with two locations; the first has workflows. */
export function startTestHighLevel(): Promise<HighLevelStandIn> {
  return startHighLevel({
    limits: { max: 10_000 },
    locations: [
      {
        id: "acme",
        name: "Acme Dental",
        companyId: "agency",
        workflows: [
          { id: "wf-welcome", name: "Welcome new lead", status: "published", version: 3 },
          { id: "wf-recall", name: "Recall", status: "draft" },
        ],
      },
      { id: "bolt", name: "Bolt Fitness", companyId: "agency" },
    ],
  });
}

/** `name=value` of the cookies that an answer sets, for the next request. */
export function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

export interface SignInBegun {
  readonly state: string;
  readonly cookie: string;
}

export async function beginSignIn(api: ApiUnderTest, query = ""): Promise<SignInBegun> {
  const response = await get(api, `/auth/login${query}`);
  const location = new URL(response.headers.get("location") ?? "");
  return { state: location.searchParams.get("state") ?? "", cookie: cookiesOf(response) };
}

export function finishSignIn(api: ApiUnderTest, { state, cookie }: SignInBegun, code: string): Promise<Response> {
  const query = new URLSearchParams({ code, state });
  return get(api, `/auth/callback?${query}`, { Cookie: cookie });
}

/** The whole way; gives the headers with which a page of the app asks. */
export async function signIn(api: ApiUnderTest, highLevel: HighLevelStandIn, install = "Location/acme") {
  const response = await finishSignIn(api, await beginSignIn(api), highLevel.code(install));
  if (response.status !== 302) throw new Error(`the sign-in answered ${response.status}: ${await response.text()}`);
  return { Cookie: cookiesOf(response), Origin: ORIGIN };
}

export function signInEmbedded(
  api: ApiUnderTest,
  user: object,
  { secret = SSO_SECRET, headers = {} }: { readonly secret?: string; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  return post(api, "/auth/sso", { payload: encryptSsoPayload(user, secret) }, headers);
}
