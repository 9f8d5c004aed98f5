import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, badRequest, json, notFound } from "./answer.ts";
import { createFaults, type Fault, fail, fault } from "./faults.ts";
import { locationData } from "./location-data.ts";
import {
  consentFor,
  decideConsent,
  installedLocations,
  locationToken,
  reconnect,
  showConsent,
  token,
} from "./oauth.ts";
import { createRateLimits, type Limits } from "./rate-limits.ts";
import { type App, consentOf, createState, grantCode, type StandInLocation } from "./state.ts";

export type { Fault } from "./faults.ts";

/**
 * A stand-in HighLevel for development and tests: the consent page, OAuth with rotation and expiry, the reads that the
 * client makes, rate limits with their headers, and ways to fail that are switched on per request. Shapes: ghl.md.
 */
export interface HighLevelOptions {
  readonly app?: Partial<App>;
  readonly locations: readonly StandInLocation[];
  /** Life of an access token. */
  readonly tokenSeconds?: number;
  readonly limits?: Partial<Limits>;
  readonly port?: number;
}

export interface HighLevelStandIn {
  readonly app: App;
  /** For `GHL_API_BASE`. */
  readonly url: string;
  /** For `GHL_AUTHORIZE_URL`. */
  readonly authorizeUrl: string;
  /** Requests answered so far, oldest first; `what` is the grant of a token request. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly what: string | null }[];
  readonly limits: Limits;
  /** Lets the next requests that fit fail. */
  failing(fault: Fault): void;
  clearFaults(): void;
  /** A code as the consent page gives it. `install`: `Location/<id>` or `Company/<id>`. */
  code(install: string, scopes?: readonly string[]): string;
  /** Ends the life of every access token given so far. */
  expireAccessTokens(): void;
  /** Makes tokens given from now on live this long. */
  setTokenSeconds(seconds: number): void;
  /** Ends an install as its owner does: its tokens are void. */
  uninstall(install: string): void;
  close(): Promise<void>;
}

const APP: App = { clientId: "standin-app-000001", clientSecret: "stand-in-secret", appId: "standin" };
export const ALL_SCOPES = [
  "workflows.readonly",
  "locations.readonly",
  "locations/tags.readonly",
  "locations/customFields.readonly",
  "locations/customValues.readonly",
  "users.readonly",
  "opportunities.readonly",
  "calendars.readonly",
  "forms.readonly",
  "surveys.readonly",
  "oauth.readonly",
  "oauth.write",
];
const MOST_BODY = 100_000;
const MOST_REQUESTS = 10_000;
const CONSENT = "/v2/oauth/chooselocation";

export async function startHighLevel(options: HighLevelOptions): Promise<HighLevelStandIn> {
  const app = { ...APP, ...options.app };
  const state = createState(app, options.locations, options.tokenSeconds ?? 86_399);
  const rateLimits = createRateLimits({ max: 100, intervalMs: 10_000, daily: 200_000, ...options.limits });
  const faults = createFaults();
  const requests: { method: string; path: string; what: string | null }[] = [];

  function route(method: string, url: URL, request: IncomingMessage, body: string): Answer {
    const { pathname: path, searchParams: query } = url;
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const form = () => new URLSearchParams(body);
    const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
    switch (`${method} ${path}`) {
      case `GET ${CONSENT}`:
        return showConsent(state, query);
      case `POST ${CONSENT}`:
        return decideConsent(state, form());
      case "POST /oauth/token":
        return isForm ? token(state, form()) : badRequest("the body must be form-urlencoded");
      case "POST /oauth/locationToken":
        return locationToken(state, bearer, form());
      case "GET /oauth/installedLocations":
        return installedLocations(state, bearer, query);
      case "POST /oauth/reconnect":
        return reconnect(state, JSON.parse(body));
      case "POST /stand-in/faults":
        faults.add(fault.parse(JSON.parse(body)));
        return json(201, {});
      case "DELETE /stand-in/faults":
        faults.clear();
        return json(200, {});
      default:
        if (method !== "GET") return notFound();
        return limited(bearer, () =>
          locationData(state, { path, query, bearer, version: request.headers.version as string | undefined }),
        );
    }
  }

  function limited(bearer: string, answer: () => Answer): Answer {
    const consent = consentOf(state, bearer);
    if (consent === null) return answer();
    const { exceeded, headers } = rateLimits.count(consent.locationId ?? consent.companyId);
    const given = exceeded ? json(429, { statusCode: 429, message: "Too Many Requests" }) : answer();
    return { ...given, headers: { ...given.headers, ...headers } };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stand-in");
    const method = request.method ?? "GET";
    const body = await bodyOf(request);
    if (requests.length < MOST_REQUESTS && !url.pathname.startsWith("/stand-in/")) {
      const what = url.pathname === "/oauth/token" ? new URLSearchParams(body).get("grant_type") : null;
      requests.push({ method, path: url.pathname, what });
    }
    const mode = faults.next(method, url.pathname);
    // The answer is lost, but what was asked is done all the same.
    const lost = mode?.kind === "hang" || mode?.kind === "reset";
    if (mode?.kind === "delay") await sleep(mode.ms);
    if (mode !== null && !lost && fail(mode, response)) return;
    const answer = route(method, url, request, body);
    if (lost) fail(mode, response);
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(400).end(String(error));
    });
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    app,
    url,
    authorizeUrl: `${url}${CONSENT}`,
    requests,
    limits: rateLimits.limits,
    failing: (added) => faults.add(added),
    clearFaults: () => faults.clear(),
    code(install, scopes = ALL_SCOPES) {
      const consent = consentFor(state, install, scopes);
      if (consent === null) throw new Error(`the stand-in knows no ${install}`);
      return grantCode(state, consent);
    },
    expireAccessTokens() {
      for (const known of state.accessTokens.values()) known.expiresAt = 0;
    },
    setTokenSeconds(seconds) {
      state.tokenSeconds = seconds;
    },
    uninstall(install) {
      state.installs.delete(install);
      const [kind, id] = install.split("/");
      for (const [secret, { consent }] of state.accessTokens) {
        if (consent.kind === kind && (kind === "Company" ? consent.companyId : consent.locationId) === id) {
          state.accessTokens.delete(secret);
        }
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BODY) throw new Error("the body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
