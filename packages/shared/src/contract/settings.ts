import type { Suppression } from "@workflow-debugger/engine";
import { z } from "zod";
import { workflowReference } from "./analyses.ts";
import { locationFacts, ruleSettings } from "./analysis-options.ts";
import { timestamp } from "./envelope.ts";

/** What a location settles once for all its analyses: rules, exceptions, facts, and the brand of its reports. */

const ruleName = z.string().min(1).max(100).meta({ description: "A rule's code or id." });
const stepReference = z.string().min(1).max(500);

const suppression = z.strictObject({
  rule: ruleName,
  workflowId: workflowReference.exactOptional().meta({ description: "Absent: in every workflow." }),
  stepId: stepReference.exactOptional().meta({ description: "Absent: at every step." }),
  reason: z.string().trim().min(1).max(1_000),
  until: z.iso.date().exactOptional().meta({ description: "Last day on which it holds; absent: until it is removed." }),
});

const storedSuppression = suppression.extend({
  by: z.string().meta({ description: "Who accepted it: `key:<id>` or `session:<id>`." }),
  at: timestamp.meta({ description: "When it was accepted." }),
});
export type StoredSuppression = z.output<typeof storedSuppression>;

export const rulesSettingsRequest = z
  .strictObject({
    rules: ruleSettings.default({}),
    suppressions: z.array(suppression).max(1_000).default([]),
  })
  .meta({ id: "RulesSettingsRequest" });
export type RulesSettingsRequest = z.output<typeof rulesSettingsRequest>;

const versioned = {
  version: z.int().min(0).meta({ description: "Counts up with every change; 0 before the first." }),
  updatedAt: timestamp.nullable(),
  updatedBy: z.string().nullable(),
};

export const rulesSettings = z
  .object({
    rules: ruleSettings,
    suppressions: z.array(
      storedSuppression.extend({
        expired: z.boolean().meta({ description: "Its last day is over: it hides nothing." }),
      }),
    ),
    ...versioned,
  })
  .meta({ id: "RulesSettings" });

/** Facts that can be read from HighLevel, and the scope that opens each (from HighLevel's Scopes page). */
export const factScopes = {
  users: "users.readonly",
  tags: "locations/tags.readonly",
  customFields: "locations/customFields.readonly",
  customValues: "locations/customValues.readonly",
  pipelines: "opportunities.readonly",
  calendars: "calendars.readonly",
  forms: "forms.readonly",
  surveys: "surveys.readonly",
  workflows: "workflows.readonly",
} as const;
export type FactName = keyof typeof factScopes;

export const factsRequest = z.strictObject({ facts: locationFacts }).meta({ id: "FactsRequest" });

export const missingReason = z.enum(["not granted", "auth", "rate_limit", "network", "server", "not_found", "invalid"]);

export const factsSettings = z
  .object({
    facts: locationFacts.meta({ description: "What new analyses know: what was given goes before what was read." }),
    given: z.array(z.string()).meta({ description: "Keys of `facts` that the location gave itself." }),
    readAt: timestamp.nullable().meta({ description: "When the others were read from HighLevel; null: never." }),
    missing: z
      .array(z.object({ fact: z.string(), reason: missingReason, scope: z.string() }))
      .meta({ description: "What HighLevel did not give at the last reading, why, and the scope that it needs." }),
    ...versioned,
  })
  .meta({ id: "FactsSettings" });

/** White label. What a name, a logo and a colour may be is the engine's `checkBrand` to say, which draws them. */
const brand = {
  name: z.string().nullable().meta({ description: "At the top of the page; 1 to 80 characters." }),
  logo: z.string().nullable().meta({
    description: "`data:image/…;base64,…` of a PNG, JPEG, GIF, WebP or SVG picture, at most 100,000 characters.",
  }),
  colour: z.string().nullable().meta({ description: "`#rrggbb`." }),
};

/** The brand as a whole: what is left out or null is not set. */
export const brandRequest = z.strictObject(brand).partial().meta({ id: "BrandRequest" });

export const brandSettings = z
  .object({
    ...brand,
    inUse: z.boolean().meta({ description: "Whether the plan has white label; without, reports go plain." }),
    ...versioned,
  })
  .meta({ id: "BrandSettings" });

export const settingsHeaders = z.object({
  "if-match": z
    .string()
    .regex(/^\s*(\*|(W\/)?"\d{1,9}")\s*$/, { error: "must be the ETag of the settings that this change is made on" })
    .optional()
    .meta({ description: "The ETag of what you changed; CONFLICT when somebody else changed it meanwhile." }),
});

/**
 * The exceptions as the engine takes them.
 *
 * @param workflowId those that can concern this workflow; undefined: all, each naming the workflow it is for.
 */
export function suppressionsOf(
  suppressions: readonly StoredSuppression[],
  workflowId: string | null | undefined,
): readonly (Suppression & { readonly workflow?: string })[] {
  const all = workflowId === undefined;
  return suppressions
    .filter((entry) => all || entry.workflowId === undefined || entry.workflowId === workflowId)
    .map(({ rule, workflowId: workflow, stepId, reason, by, until }) => ({
      rule,
      reason,
      by,
      ...(all && workflow !== undefined ? { workflow } : {}),
      ...(stepId === undefined ? {} : { step: stepId }),
      ...(until === undefined ? {} : { until }),
    }));
}
