import { type Answer, badRequest, html, json, notFound, redirect, unauthorized } from "./answer.ts";
import { consentPage, plainPage } from "./consent-page.ts";
import {
  type Consent,
  consentOf,
  grantCode,
  installKey,
  issueLocationToken,
  issueTokens,
  type State,
} from "./state.ts";

/** The consent page and the OAuth endpoints. */

export function showConsent(state: State, query: URLSearchParams): Answer {
  const problem = problemOf(state, query);
  if (problem !== null) return html(400, plainPage("This sign-in cannot go on", problem));
  return html(200, consentPage(query, [...state.locations.values()], scopesIn(query)));
}

function problemOf(state: State, request: URLSearchParams): string | null {
  if (request.get("client_id") !== state.app.clientId) return "The app is unknown.";
  if (!URL.canParse(request.get("redirect_uri") ?? "")) return "The redirect address is missing.";
  return scopesIn(request).length === 0 ? "No scope was asked for." : null;
}

export function decideConsent(state: State, form: URLSearchParams): Answer {
  const problem = problemOf(state, form);
  if (problem !== null) return html(400, plainPage("This sign-in cannot go on", problem));
  const back = new URL(form.get("redirect_uri") ?? "");
  const given = form.get("state");
  if (form.get("decision") === "allow") {
    const consent = consentFor(state, form.get("install") ?? "", scopesIn(form));
    if (consent === null) return html(400, plainPage("This sign-in cannot go on", "There is no such location."));
    back.searchParams.set("code", grantCode(state, consent));
  } else {
    back.searchParams.set("error", "access_denied");
    back.searchParams.set("error_description", "The user denied the request");
  }
  if (given !== null && given !== "") back.searchParams.set("state", given);
  return redirect(back.href);
}

/** @param install `Location/<id>` or `Company/<id>`. */
export function consentFor(state: State, install: string, scopes: readonly string[]): Consent | null {
  const [kind, id = ""] = install.split("/");
  const location = state.locations.get(id);
  if (kind === "Location" && location !== undefined) {
    return { kind, companyId: location.companyId, locationId: id, scopes };
  }
  const known = [...state.locations.values()].some(({ companyId }) => companyId === id);
  return kind === "Company" && known ? { kind, companyId: id, locationId: null, scopes } : null;
}

function scopesIn(request: URLSearchParams): readonly string[] {
  return (request.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
}

const invalidGrant = (what: string): Answer =>
  json(400, { error: "invalid_grant", error_description: `Invalid grant: ${what} is invalid` });

export function token(state: State, form: URLSearchParams): Answer {
  const { app } = state;
  if (form.get("client_id") !== app.clientId || form.get("client_secret") !== app.clientSecret) {
    return json(401, { error: "invalid_client", error_description: "Invalid client: client is invalid" });
  }
  switch (form.get("grant_type")) {
    case "authorization_code":
      return spend(state, state.codes, form.get("code") ?? "", "authorization code");
    case "refresh_token": {
      const refreshToken = form.get("refresh_token") ?? "";
      const consent = state.refreshTokens.get(refreshToken);
      if (consent !== undefined && form.get("user_type") !== consent.kind) return badRequest("user_type does not fit");
      return spend(state, state.refreshTokens, refreshToken, "refresh token");
    }
    default:
      return json(400, { error: "unsupported_grant_type" });
  }
}

/** Codes and refresh tokens are good for one use. */
function spend(state: State, kept: Map<string, Consent>, secret: string, what: string): Answer {
  const consent = kept.get(secret);
  if (consent === undefined || !state.installs.has(installKey(consent))) return invalidGrant(what);
  kept.delete(secret);
  return json(200, issueTokens(state, consent));
}

export function locationToken(state: State, bearer: string, form: URLSearchParams): Answer {
  const company = consentOf(state, bearer);
  if (company === null || company.kind !== "Company") return unauthorized();
  const location = state.locations.get(form.get("locationId") ?? "");
  if (form.get("companyId") !== company.companyId || location?.companyId !== company.companyId) {
    return notFound("Location is not found in this company");
  }
  return json(200, issueLocationToken(state, company, location.id));
}

export function installedLocations(state: State, bearer: string, query: URLSearchParams): Answer {
  const company = consentOf(state, bearer);
  if (company === null || company.companyId !== query.get("companyId")) return unauthorized();
  const all = [...state.locations.values()].filter(({ companyId }) => companyId === company.companyId);
  const skip = Number(query.get("skip") ?? 0);
  const page = all.slice(skip, skip + Number(query.get("limit") ?? 20));
  const locations = page.map(({ id, name }) => ({ _id: id, name, address: "1 Main Street", isInstalled: true }));
  return json(200, { locations, count: all.length, installToFutureLocations: false });
}

/** A code without its user, for an install whose tokens were lost. */
export function reconnect(state: State, body: Readonly<Record<string, unknown>>): Answer {
  const { clientKey, clientSecret, companyId, locationId } = body;
  if (clientKey !== state.app.clientId || clientSecret !== state.app.clientSecret) return unauthorized();
  const install = state.installs.get(locationId === undefined ? `Company/${companyId}` : `Location/${locationId}`);
  return install === undefined
    ? badRequest("The app is not installed")
    : json(200, { authorizationCode: grantCode(state, install) });
}
