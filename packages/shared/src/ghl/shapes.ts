import { z } from "zod";

/**
 * HighLevel's answers (ghl.md 3, from its published OpenAPI documents and samples): only what is used is named, and
 * fields that are not named, or come later, do no harm.
 */

const text = z.string().min(1);
const scopes = z.string().transform((value) => value.split(/\s+/).filter((scope) => scope !== ""));

/** `POST /oauth/token`: of a company (agency) or a location (sub-account). */
export const tokenAnswer = z.looseObject({
  access_token: text,
  refresh_token: text.optional(),
  expires_in: z.number().positive(),
  scope: scopes.optional(),
  userType: z.enum(["Company", "Location"]),
  companyId: text.optional(),
  locationId: text.optional(),
  userId: text.optional(),
  approvedLocations: z.array(text).optional(),
});

/** `POST /oauth/locationToken`. */
export const locationTokenAnswer = z.looseObject({
  access_token: text,
  refresh_token: text.optional(),
  expires_in: z.number().positive(),
  scope: scopes.optional(),
  locationId: text.optional(),
  userId: text.optional(),
});

/** `POST /oauth/reconnect`. */
export const reconnectAnswer = z.looseObject({ authorizationCode: text });

/** `GET /oauth/installedLocations`. */
export const installedLocationsAnswer = z.looseObject({
  locations: z.array(z.looseObject({ _id: text, name: z.string().optional(), isInstalled: z.boolean().optional() })),
});

/** `GET /workflows/`: name and state of each, nothing of its steps. */
export const workflowsAnswer = z.looseObject({
  workflows: z.array(
    z.looseObject({
      id: text,
      name: z.string(),
      status: z.string(),
      version: z.number().optional(),
      createdAt: z.string().optional(),
      updatedAt: z.string().optional(),
    }),
  ),
});

/** `GET /locations/:id`. */
export const locationAnswer = z.looseObject({
  location: z.looseObject({
    id: text,
    name: z.string().optional(),
    companyId: text.optional(),
    timezone: z.string().optional(),
  }),
});

const named = z.looseObject({ id: text, name: z.string() });

export const usersAnswer = z.looseObject({
  users: z.array(
    z.looseObject({
      id: text,
      name: z.string().optional(),
      firstName: z.string().optional(),
      lastName: z.string().optional(),
      email: z.string().optional(),
      deleted: z.boolean().optional(),
    }),
  ),
});
export const tagsAnswer = z.looseObject({ tags: z.array(z.looseObject({ name: z.string() })) });
export const customFieldsAnswer = z.looseObject({
  customFields: z.array(
    z.looseObject({
      id: text,
      name: z.string().optional(),
      fieldKey: z.string().optional(),
      dataType: z.string().optional(),
      picklistOptions: z.array(z.string()).optional(),
    }),
  ),
});
export const customValuesAnswer = z.looseObject({
  customValues: z.array(
    z.looseObject({ name: z.string().optional(), fieldKey: z.string().optional(), value: z.string().nullish() }),
  ),
});
export const pipelinesAnswer = z.looseObject({
  pipelines: z.array(named.extend({ stages: z.array(named).optional() })),
});
export const calendarsAnswer = z.looseObject({ calendars: z.array(named) });
export const formsAnswer = z.looseObject({ forms: z.array(named), total: z.number().optional() });
export const surveysAnswer = z.looseObject({ surveys: z.array(named), total: z.number().optional() });

export type TokenAnswer = z.output<typeof tokenAnswer>;
