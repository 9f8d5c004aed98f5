import type { z } from "zod";
import type { ListedWorkflow } from "../db/workflows/sync.ts";
import { exchange } from "./exchange.ts";
import type { RateBudget } from "./rate-budget.ts";
import type { Resilience } from "./resilience.ts";
import {
  installedLocationsAnswer,
  locationAnswer,
  locationTokenAnswer,
  reconnectAnswer,
  type TokenAnswer,
  tokenAnswer,
  workflowsAnswer,
} from "./shapes.ts";

export interface GhlClientSettings {
  /** `https://services.leadconnectorhq.com` or a stand-in. */
  readonly apiBase: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The marketplace app's id: the client id's part before the dash, unless configured. */
  readonly appId: string;
  /** For one attempt. Milliseconds. */
  readonly timeoutMs: number;
  /** For a request of a used-up budget to be allowed again. Milliseconds. */
  readonly patienceMs: number;
}

export interface GhlClientDependencies {
  readonly resilience: Resilience;
  readonly budget: RateBudget;
}

/** A pair of OAuth tokens as HighLevel gave it. */
export interface GhlTokens {
  readonly accessToken: string;
  /** Absent from a location's token that was made from its company's. */
  readonly refreshToken: string | null;
  /** Life of the access token from now. */
  readonly expiresInSeconds: number;
  /** Null when HighLevel did not say. */
  readonly scopes: readonly string[] | null;
}

/** What a sign-in or a refresh gives: tokens, and whose they are. */
export interface GhlGrant extends GhlTokens {
  readonly kind: "company" | "location";
  readonly companyId: string | null;
  readonly locationId: string | null;
  readonly userId: string | null;
  readonly approvedLocations: readonly string[];
}

/** Every call throws a `GhlError` when it does not come to a good end. */
export interface GhlClient {
  readonly settings: GhlClientSettings;
  /** Exchanges the code of a sign-in (or of a reconnection, which has no redirect address), once: a code is good for one use, so that this is never repeated. */
  exchangeCode(code: string, redirectUri: string | null, signal?: AbortSignal): Promise<GhlGrant>;
  /** A new pair for a refresh token, which ends with its use. */
  refresh(refreshToken: string, kind: GhlGrant["kind"], signal?: AbortSignal): Promise<GhlGrant>;
  /** A code as of a sign-in, for an install whose refresh token was lost: HighLevel's way back without its user. */
  reconnect(install: { readonly kind: GhlGrant["kind"]; readonly id: string }, signal?: AbortSignal): Promise<string>;
  locationToken(companyToken: string, company: string, location: string, signal?: AbortSignal): Promise<GhlTokens>;
  /** Locations of a company that have the app. */
  installedLocations(companyToken: string, company: string): Promise<readonly { id: string; name: string | null }[]>;
  workflows(token: string, location: string, signal?: AbortSignal): Promise<readonly ListedWorkflow[]>;
  location(
    token: string,
    location: string,
    signal?: AbortSignal,
  ): Promise<{ name: string | null; companyId: string | null }>;
  /** A read of a location's data under its rate budget, for what is built on the client. */
  read<Schema extends z.ZodType>(call: GhlRead<Schema>): Promise<z.output<Schema>>;
}

export interface GhlRead<Schema extends z.ZodType> {
  readonly token: string;
  /** Whose budget the call takes from: a location's or a company's id. */
  readonly resource: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly schema: Schema;
  readonly version?: string;
  readonly signal?: AbortSignal | undefined;
}

/** The version of HighLevel's API that the shapes here are of. */
const API_VERSION = "2021-07-28";
const MOST_BYTES = 20 * 1024 * 1024;
const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";
const INSTALLED_PAGE = 100;
const MOST_PAGES = 50;

export function createGhlClient(settings: GhlClientSettings, { resilience, budget }: GhlClientDependencies): GhlClient {
  const { apiBase, clientId, clientSecret, appId, timeoutMs, patienceMs } = settings;
  const addressOf = (path: string) => new URL(path, apiBase);

  function read<Schema extends z.ZodType>(call: GhlRead<Schema>): Promise<z.output<Schema>> {
    const { token, resource, path, query = {}, schema, version = API_VERSION, signal } = call;
    const url = addressOf(path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return resilience.run({ host: url.host, repeatable: true, signal }, async () => {
      await budget.take(resource, patienceMs, signal);
      return exchange({
        method: "GET",
        url,
        headers: { Authorization: `Bearer ${token}`, Version: version },
        schema,
        timeoutMs,
        mostBytes: MOST_BYTES,
        signal,
        onHeaders: (headers, status) => void budget.learn(resource, headers, status),
      });
    });
  }

  /** A call of the OAuth endpoints, which know the app by its secret. */
  function send<Schema extends z.ZodType>(call: {
    readonly path: string;
    readonly type: string;
    readonly body: string;
    readonly schema: Schema;
    readonly repeatable: boolean;
    readonly token?: string;
    /** Whose rate budget the call takes from, where it takes from one. */
    readonly resource?: string;
    readonly signal?: AbortSignal | undefined;
  }): Promise<z.output<Schema>> {
    const url = addressOf(call.path);
    return resilience.run({ host: url.host, repeatable: call.repeatable, signal: call.signal }, async () => {
      if (call.resource !== undefined) await budget.take(call.resource, patienceMs, call.signal);
      return exchange({
        method: "POST",
        url,
        headers: {
          "Content-Type": call.type,
          Version: API_VERSION,
          ...(call.token === undefined ? {} : { Authorization: `Bearer ${call.token}` }),
        },
        body: call.body,
        schema: call.schema,
        timeoutMs,
        mostBytes: MOST_BYTES,
        signal: call.signal,
      });
    });
  }

  function grant(fields: Readonly<Record<string, string>>, repeatable: boolean, signal?: AbortSignal) {
    const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields }).toString();
    return send({ path: "/oauth/token", type: FORM, body, schema: tokenAnswer, repeatable, signal }).then(grantOf);
  }

  return {
    settings,
    read,
    exchangeCode: (code, redirectUri, signal) =>
      grant(
        { grant_type: "authorization_code", code, ...(redirectUri === null ? {} : { redirect_uri: redirectUri }) },
        false,
        signal,
      ),
    refresh: (refreshToken, kind, signal) =>
      grant(
        {
          grant_type: "refresh_token",
          refresh_token: refreshToken,
          user_type: kind === "company" ? "Company" : "Location",
        },
        true,
        signal,
      ),
    async reconnect({ kind, id }, signal) {
      const whose = kind === "company" ? { companyId: id } : { locationId: id };
      const body = JSON.stringify({ clientKey: clientId, clientSecret, ...whose });
      const call = { path: "/oauth/reconnect", type: JSON_TYPE, body, schema: reconnectAnswer, repeatable: true };
      return (await send({ ...call, signal })).authorizationCode;
    },
    async locationToken(companyToken, company, location, signal) {
      const body = new URLSearchParams({ companyId: company, locationId: location }).toString();
      const call = { path: "/oauth/locationToken", type: FORM, body, schema: locationTokenAnswer, repeatable: true };
      return tokensOf(await send({ ...call, token: companyToken, resource: company, signal }));
    },
    async installedLocations(companyToken, company) {
      const found: { id: string; name: string | null }[] = [];
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const { locations } = await read({
          token: companyToken,
          resource: company,
          path: "/oauth/installedLocations",
          query: {
            companyId: company,
            appId,
            isInstalled: "true",
            skip: String(page * INSTALLED_PAGE),
            limit: String(INSTALLED_PAGE),
          },
          schema: installedLocationsAnswer,
        });
        const installed = locations.filter(({ isInstalled }) => isInstalled !== false);
        found.push(...installed.map(({ _id, name = null }) => ({ id: _id, name })));
        if (locations.length < INSTALLED_PAGE) break;
      }
      return found;
    },
    async workflows(token, location, signal) {
      const { workflows } = await read({
        token,
        resource: location,
        path: "/workflows/",
        query: { locationId: location },
        schema: workflowsAnswer,
        signal,
      });
      return workflows.map((workflow) => ({
        id: workflow.id,
        name: workflow.name,
        status: workflow.status,
        version: workflow.version ?? null,
        createdAt: dateOf(workflow.createdAt),
        updatedAt: dateOf(workflow.updatedAt),
      }));
    },
    async location(token, location, signal) {
      const path = `/locations/${encodeURIComponent(location)}`;
      const { location: known } = await read({ token, resource: location, path, schema: locationAnswer, signal });
      return { name: known.name ?? null, companyId: known.companyId ?? null };
    },
  };
}

function tokensOf(answer: z.output<typeof locationTokenAnswer> | TokenAnswer): GhlTokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    expiresInSeconds: answer.expires_in,
    scopes: answer.scope ?? null,
  };
}

function grantOf(answer: TokenAnswer): GhlGrant {
  return {
    ...tokensOf(answer),
    kind: answer.userType === "Company" ? "company" : "location",
    companyId: answer.companyId ?? null,
    locationId: answer.locationId ?? null,
    userId: answer.userId ?? null,
    approvedLocations: answer.approvedLocations ?? [],
  };
}

function dateOf(text: string | undefined): Date | null {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? null : date;
}
