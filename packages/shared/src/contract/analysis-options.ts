import { z } from "zod";
import { severity } from "./report.ts";

/** Options of an analysis: per-rule settings, and facts about the location that let more rules speak. */

const text = z.string().max(1_000);
const named = z.object({ id: text, name: text });
const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(10_000).optional();

export const ruleSetting = z.strictObject({
  severity: severity.optional(),
  off: z.boolean().optional(),
  settings: z.record(text, z.unknown()).optional(),
});

/** Rule code (`LOOP-001`) or id (`goto-loop-no-delay`) → setting. */
const ruleSettings = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, { error: "must be a rule's code or id" }), ruleSetting)
  .refine((value) => Object.keys(value).length <= 1_000, { error: "must name at most 1,000 rules" });

export const locationFacts = z
  .strictObject({
    asOf: z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional(),
    users: list(named.extend({ active: z.boolean() })),
    tags: list(text),
    customFields: list(
      z.object({ id: text.optional(), key: text, name: text.optional(), type: text, options: list(text) }),
    ),
    customValues: z.record(text, z.string().max(100_000)).optional(),
    pipelines: list(named.extend({ stages: z.array(named).max(10_000) })),
    calendars: list(named.extend({ url: text.optional() })),
    forms: list(named.extend({ active: z.boolean() })),
    surveys: list(named.extend({ active: z.boolean() })),
    workflows: list(named.extend({ status: text, reentry: z.boolean().optional() })),
    templates: list(named),
    links: list(named),
    sendingDomains: list(text),
    phoneNumbers: list(z.object({ number: text, sms: z.boolean() })),
    channels: z
      .object({ whatsapp: z.boolean().optional(), facebook: z.boolean().optional(), instagram: z.boolean().optional() })
      .optional(),
    apps: list(z.object({ id: text, version: text })),
    timezones: list(text),
    statistics: z.record(text, z.object({ enrollments: z.number().min(0), windowDays: z.number().min(0) })).optional(),
    toggles: z
      .object({
        smsOptOutText: z.boolean().optional(),
        smsSenderId: z.boolean().optional(),
        emailUnsubscribeFooter: z.boolean().optional(),
      })
      .optional(),
  })
  .meta({
    id: "LocationFacts",
    description: "Every key is optional; rules that need an absent one report notChecked.",
  });

const workflowPolicy = z.strictObject({
  reentry: z.unknown().optional(),
  window: z.unknown().optional(),
  requiredSteps: list(z.unknown()),
});

export const analysisOptions = z
  .strictObject({
    rules: ruleSettings.optional(),
    facts: locationFacts.optional(),
    policy: z.record(text, workflowPolicy).optional(),
  })
  .meta({ id: "AnalysisOptions" });
export type AnalysisOptions = z.output<typeof analysisOptions>;
