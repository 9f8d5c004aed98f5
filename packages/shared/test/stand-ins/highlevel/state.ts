import { randomBytes } from "node:crypto";

/** What the stand-in knows: locations with their contents, codes, tokens. All in memory. */

export interface StandInWorkflow {
  readonly id: string;
  readonly name: string;
  readonly status: "draft" | "published";
  readonly version?: number;
}

export interface StandInLocation {
  readonly id: string;
  readonly name: string;
  readonly companyId: string;
  readonly workflows?: readonly StandInWorkflow[];
}

export interface App {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly appId: string;
}

/** Who allowed what: a location, or a whole company. */
export interface Consent {
  readonly kind: "Company" | "Location";
  readonly companyId: string;
  readonly locationId: string | null;
  readonly scopes: readonly string[];
}

interface AccessToken {
  readonly consent: Consent;
  expiresAt: number;
}

export interface State {
  readonly app: App;
  readonly locations: Map<string, StandInLocation>;
  readonly codes: Map<string, Consent>;
  readonly accessTokens: Map<string, AccessToken>;
  /** A refresh token stands for its consent until it is used. */
  readonly refreshTokens: Map<string, Consent>;
  /** Consents by `Location/<id>` and `Company/<id>`, until uninstalled. */
  readonly installs: Map<string, Consent>;
  tokenSeconds: number;
}

export function createState(app: App, locations: readonly StandInLocation[], tokenSeconds: number): State {
  return {
    app,
    locations: new Map(locations.map((location) => [location.id, location])),
    codes: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    installs: new Map(),
    tokenSeconds,
  };
}

export function installKey({ kind, companyId, locationId }: Omit<Consent, "scopes">): string {
  return kind === "Company" ? `Company/${companyId}` : `Location/${locationId}`;
}

const secret = (prefix: string): string => `${prefix}-${randomBytes(24).toString("base64url")}`;

/** Remembers the consent and gives the code that the redirect carries. */
export function grantCode(state: State, consent: Consent): string {
  const code = secret("code");
  state.codes.set(code, consent);
  state.installs.set(installKey(consent), consent);
  return code;
}

/** A new pair, in the shape of `POST /oauth/token`. */
export function issueTokens(state: State, consent: Consent): object {
  const accessToken = secret("access");
  const refreshToken = secret("refresh");
  state.accessTokens.set(accessToken, { consent, expiresAt: Date.now() + state.tokenSeconds * 1_000 });
  state.refreshTokens.set(refreshToken, consent);
  const company = consent.kind === "Company";
  return {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: state.tokenSeconds,
    refresh_token: refreshToken,
    scope: consent.scopes.join(" "),
    refreshTokenId: randomBytes(12).toString("hex"),
    userType: consent.kind,
    companyId: consent.companyId,
    ...(company ? { approvedLocations: locationsOf(state, consent.companyId) } : { locationId: consent.locationId }),
    userId: "stand-in-user",
    isBulkInstallation: company,
  };
}

/** A location's token made from its company's: without a refresh token. */
export function issueLocationToken(state: State, company: Consent, locationId: string): object {
  const accessToken = secret("access");
  const consent = { ...company, kind: "Location" as const, locationId };
  state.accessTokens.set(accessToken, { consent, expiresAt: Date.now() + state.tokenSeconds * 1_000 });
  return {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: state.tokenSeconds,
    scope: company.scopes.join(" "),
    locationId,
    userId: "stand-in-user",
  };
}

export function locationsOf(state: State, companyId: string): readonly string[] {
  return [...state.locations.values()].filter((known) => known.companyId === companyId).map(({ id }) => id);
}

/** The consent behind a token that is still good; null otherwise. */
export function consentOf(state: State, token: string): Consent | null {
  const known = state.accessTokens.get(token);
  return known !== undefined && known.expiresAt > Date.now() ? known.consent : null;
}
