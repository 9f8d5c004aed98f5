import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import {
  apiKeyEntry,
  authStatus,
  callbackQuery,
  createdApiKey,
  createKeyRequest,
  loginQuery,
  logoutQuery,
  ssoRequest,
} from "../identity.ts";

const id = "0198d2f0-6f6e-7c3a-9b1e-5a4d2c7f8e90";
const at = "2026-01-15T09:30:00.000Z";
const signedIn = {
  authenticated: true,
  locationId: "ve9EPM428h8vShlRW1KT",
  companyId: "GNb7aIv4rQFVb9iwNl5K",
  plan: "free",
  sessionExpiresAt: at,
  ghlTokenExpiresAt: at,
};
const key = { id, name: "Reporting", scopes: ["read"], createdAt: at, lastUsedAt: null };
const setsCookie = { "Set-Cookie": "The session: HttpOnly, and known to the service by its hash alone." };

export const identityEndpoints = {
  login: {
    method: "get",
    path: "/auth/login",
    tag: "Sign-in",
    summary: "Begin the sign-in: go to HighLevel's page of consent",
    scope: "none",
    limit: "auth",
    negotiated: false,
    query: loginQuery,
    answers: {
      302: {
        description: "To HighLevel.",
        headers: { Location: "HighLevel's page.", "Set-Cookie": "Binds the sign-in." },
      },
    },
    errors: ["UNAVAILABLE"],
  },
  callback: {
    method: "get",
    path: "/auth/callback",
    tag: "Sign-in",
    summary: "Where HighLevel sends the browser back to",
    description:
      "Without a `state` (an install begun in the marketplace) nothing is exchanged and the sign-in begins anew. A denied " +
      "consent leads back to the app with `signIn=denied`.",
    scope: "none",
    limit: "auth",
    negotiated: false,
    query: callbackQuery,
    answers: {
      302: { description: "To the app, or to `/auth/login`.", headers: { Location: "Where to go on.", ...setsCookie } },
    },
    errors: ["FORBIDDEN", "NOT_FOUND", "UPSTREAM_FAILED", "UPSTREAM_TIMEOUT", "UNAVAILABLE"],
  },
  getAuthStatus: {
    method: "get",
    path: "/auth/status",
    tag: "Sign-in",
    summary: "Who is signed in, and until when",
    scope: "none",
    limit: "api",
    query: z.strictObject({}),
    answers: {
      200: {
        description: "Also when nobody is: `authenticated` is false then, and the rest null.",
        schema: authStatus,
        example: signedIn,
      },
    },
    errors: ["UNAVAILABLE"],
  },
  logout: {
    method: "post",
    path: "/auth/logout",
    tag: "Sign-in",
    summary: "End the session, or every session of the location",
    scope: "session",
    limit: "api",
    query: logoutQuery,
    answers: { 204: { description: "Ended.", headers: { "Set-Cookie": "Removes the session." } } },
  },
  refresh: {
    method: "post",
    path: "/auth/refresh",
    tag: "Sign-in",
    summary: "Refresh the HighLevel token, and give the session a new id",
    scope: "session",
    limit: "auth",
    query: z.strictObject({}),
    answers: {
      200: {
        description: "Refreshed; the old session id is void.",
        schema: authStatus,
        example: signedIn,
        headers: setsCookie,
      },
    },
    errors: ["NOT_FOUND", "UPSTREAM_FAILED", "UPSTREAM_TIMEOUT"],
  },
  embeddedSignIn: {
    method: "post",
    path: "/auth/sso",
    tag: "Sign-in",
    summary: "Sign in from a page embedded in HighLevel",
    description:
      "The page asks HighLevel for its user context and sends it here at once; the answer's cookie works in the frame. " +
      "The app must be installed in the location that the page stands in.",
    scope: "none",
    limit: "auth",
    body: { schema: ssoRequest, examples: { page: { payload: "U2FsdGVkX1…" } } },
    answers: { 200: { description: "Signed in.", schema: authStatus, example: signedIn, headers: setsCookie } },
    errors: ["UNAUTHENTICATED", "CSRF_FAILED", "UPSTREAM_FAILED", "UPSTREAM_TIMEOUT", "UNAVAILABLE"],
  },
  createApiKey: {
    method: "post",
    path: "/api/keys",
    tag: "API keys",
    summary: "Create an API key",
    scope: "session",
    limit: "api",
    body: { schema: createKeyRequest, examples: { reading: { name: "Reporting", scopes: ["read"] } } },
    answers: {
      201: {
        description: "The key, this once.",
        schema: createdApiKey,
        example: { ...key, key: "wd_live_s3cr3t" },
      },
    },
    errors: ["CONFLICT"],
  },
  listApiKeys: {
    method: "get",
    path: "/api/keys",
    tag: "API keys",
    summary: "The location's active keys, newest first",
    scope: "session",
    limit: "api",
    query: z.strictObject({}),
    answers: { 200: { description: "All of them, one page.", schema: apiKeyEntry, envelope: "list" } },
  },
  revokeApiKey: {
    method: "delete",
    path: "/api/keys/{id}",
    tag: "API keys",
    summary: "Revoke a key for good",
    scope: "session",
    limit: "api",
    params: z.object({ id: z.string().meta({ description: "A key's id; anything else is 404." }) }),
    answers: { 204: { description: "Revoked." } },
    errors: ["NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
