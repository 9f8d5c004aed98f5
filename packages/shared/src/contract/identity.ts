import { z } from "zod";
import { timestamp } from "./envelope.ts";

/** Requests and resources of sign-in and API keys. */

/** A place in the app, such as `/workflows?sort=name`: never another site. */
const relativeAddress = z
  .string()
  .max(2_000)
  // Printable ASCII without the backslash, which browsers read as a slash; two slashes would begin a host.
  .regex(/^\/(?!\/)[!-[\]-~]*$/, { error: "must be an address of the app that starts with one slash" });

/** HighLevel's ids are letters, digits, dashes and underscores. */
const highLevelId = z.string().regex(/^[\w-]{1,100}$/, { error: "must be an id of HighLevel" });

export const loginQuery = z.strictObject({
  returnTo: relativeAddress.optional().meta({ description: "Where in the app to go after the sign-in." }),
  locationId: highLevelId
    .optional()
    .meta({ description: "The location to open when an agency installs the app for many; else its first." }),
});

/** As HighLevel sends it: fields that are not named are let through. */
export const callbackQuery = z.object({
  code: z.string().min(1).max(2_000).optional(),
  state: z.string().max(2_000).optional(),
  error: z.string().max(2_000).optional().meta({ description: "`access_denied` when the user did not consent." }),
});

export const logoutQuery = z.strictObject({
  everywhere: z.enum(["true", "false"]).optional().meta({ description: "`true` ends every session of the location." }),
});

export const ssoRequest = z
  .strictObject({
    payload: z.string().max(8_192).meta({ description: "The encrypted user context that HighLevel gave the page." }),
  })
  .meta({ id: "EmbeddedSignIn" });

export const plan = z.enum(["free", "pro"]).meta({ id: "Plan" });

export const authStatus = z
  .object({
    authenticated: z.boolean(),
    locationId: z.string().nullable(),
    companyId: z.string().nullable().meta({ description: "The agency that the location belongs to." }),
    plan: plan.nullable(),
    sessionExpiresAt: timestamp.nullable().meta({ description: "Unless the session is used before." }),
    ghlTokenExpiresAt: timestamp
      .nullable()
      .meta({ description: "Refreshed by itself; null when HighLevel must be signed in to again." }),
  })
  .meta({ id: "AuthStatus" });
export type AuthStatus = z.output<typeof authStatus>;

export const apiKeyScope = z.enum(["analyze", "read"]).meta({ id: "ApiKeyScope" });

export const createKeyRequest = z
  .strictObject({
    name: z.string().trim().min(1).max(100).meta({ description: "For you to know it by." }),
    scopes: z
      .array(apiKeyScope)
      .min(1)
      .max(2)
      .refine((scopes) => new Set(scopes).size === scopes.length, { error: "must name each scope once" }),
  })
  .meta({ id: "CreateApiKey" });

const keyFields = {
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(apiKeyScope),
  createdAt: timestamp,
  lastUsedAt: timestamp.nullable().meta({ description: "To the minute." }),
};
export const apiKeyEntry = z.object(keyFields).meta({ id: "ApiKey" });
export const createdApiKey = z
  .object({ ...keyFields, key: z.string().meta({ description: "Shown this once; keep it where secrets are kept." }) })
  .meta({ id: "CreatedApiKey" });
