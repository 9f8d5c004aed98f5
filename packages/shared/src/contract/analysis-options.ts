import type { LocationFacts, RuleOptions, WorkflowPolicy } from "@workflow-debugger/engine";
import { z } from "zod";
import { severity } from "./report.ts";

/** Options of an analysis: per-rule settings, and facts about the location that let more rules speak. */

const text = z.string().max(1_000);
const named = z.object({ id: text, name: text });
const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(10_000).exactOptional();

export const ruleSetting = z.strictObject({
  severity: severity.exactOptional(),
  off: z.boolean().exactOptional(),
  settings: z.record(text, z.unknown()).exactOptional(),
});

/** Rule code (`LOOP-001`) or id (`goto-loop-no-delay`) → setting. */
export const ruleSettings = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, { error: "must be a rule's code or id" }), ruleSetting)
  .refine((value) => Object.keys(value).length <= 1_000, { error: "must name at most 1,000 rules" });

export const locationFacts = z
  .strictObject({
    asOf: z.union([z.iso.datetime({ offset: true }), z.iso.date()]).exactOptional(),
    users: list(named.extend({ active: z.boolean() })),
    tags: list(text),
    customFields: list(
      z.object({
        id: text.exactOptional(),
        key: text,
        name: text.exactOptional(),
        type: text,
        options: list(text),
        optionIds: list(text),
      }),
    ),
    customValues: z.record(text, z.string().max(100_000)).exactOptional(),
    pipelines: list(named.extend({ stages: z.array(named).max(10_000) })),
    calendars: list(named.extend({ url: text.exactOptional() })),
    forms: list(named.extend({ active: z.boolean() })),
    surveys: list(named.extend({ active: z.boolean() })),
    workflows: list(named.extend({ status: text, reentry: z.boolean().exactOptional() })),
    templates: list(named),
    links: list(named),
    sendingDomains: list(text),
    phoneNumbers: list(z.object({ number: text, sms: z.boolean() })),
    channels: z
      .object({
        whatsapp: z.boolean().exactOptional(),
        facebook: z.boolean().exactOptional(),
        instagram: z.boolean().exactOptional(),
      })
      .exactOptional(),
    apps: list(z.object({ id: text, version: text })),
    timezones: list(text),
    statistics: z
      .record(text, z.object({ enrollments: z.number().min(0), windowDays: z.number().min(0) }))
      .exactOptional(),
    toggles: z
      .object({
        smsOptOutText: z.boolean().exactOptional(),
        smsSenderId: z.boolean().exactOptional(),
        emailUnsubscribeFooter: z.boolean().exactOptional(),
      })
      .exactOptional(),
  })
  .meta({
    id: "LocationFacts",
    description: "Every key is optional; rules that need an absent one report notChecked.",
  });

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: "must be a time such as 09:00" });

const workflowPolicy = z
  .strictObject({
    reentry: z.boolean().exactOptional(),
    window: z
      .strictObject({
        days: z.array(z.int().min(0).max(6)).max(7).exactOptional(),
        start: clockTime.exactOptional(),
        end: clockTime.exactOptional(),
      })
      .nullable()
      .exactOptional(),
    sender: z.strictObject({ name: text.exactOptional(), email: text.exactOptional() }).exactOptional(),
    requiredSteps: list(text),
  })
  .meta({
    id: "WorkflowPolicy",
    description:
      "What the location asks of a workflow (rules LIFE-009 and LIFE-010). `window: null` asks for none; days count from 0, Sunday; `requiredSteps` holds step types or names of steps.",
  });

export const analysisOptions = z
  .strictObject({
    rules: ruleSettings.exactOptional(),
    facts: locationFacts.exactOptional(),
    /** By the workflow's name. */
    policy: z.record(text, workflowPolicy).exactOptional(),
  })
  .meta({ id: "AnalysisOptions" });
export type AnalysisOptions = z.output<typeof analysisOptions>;

type Fits<Ours extends Theirs, Theirs> = Ours;
/** Does not compile when the engine would not understand what this schema lets in. */
export type FactsAgreement = Fits<z.output<typeof locationFacts>, LocationFacts>;
export type PolicyAgreement = Fits<z.output<typeof workflowPolicy>, WorkflowPolicy>;
export type RulesAgreement = Fits<z.output<typeof ruleSetting>, RuleOptions>;
