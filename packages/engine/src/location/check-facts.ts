import type { LocationFacts, WorkflowPolicy } from "../options.ts";
import { checkShape, type Shape, type ShapeProblem } from "../shape.ts";

export type { ShapeProblem } from "../shape.ts";

const named = { id: "text", name: "text" } as const;
const asset: Shape = { list: { keys: { ...named, active: "flag" } } };

const facts: Readonly<Record<keyof LocationFacts, Shape>> = {
  asOf: "text",
  users: asset,
  tags: { list: "text" },
  customFields: {
    list: {
      keys: { key: "text", type: "text" },
      optional: { id: "text", name: "text", options: { list: "text" }, optionIds: { list: "text" } },
    },
  },
  customValues: { byName: "text" },
  pipelines: { list: { keys: { ...named, stages: { list: { keys: named } } } } },
  calendars: { list: { keys: named, optional: { url: "text" } } },
  forms: asset,
  surveys: asset,
  workflows: { list: { keys: { ...named, status: "text" }, optional: { reentry: "flag" } } },
  templates: { list: { keys: named } },
  links: { list: { keys: named } },
  sendingDomains: { list: "text" },
  phoneNumbers: { list: { keys: { number: "text", sms: "flag" } } },
  channels: { optional: { whatsapp: "flag", facebook: "flag", instagram: "flag" } },
  apps: { list: { keys: { id: "text", version: "text" } } },
  timezones: { list: "text" },
  statistics: { byName: { keys: { enrollments: "number", windowDays: "number" } } },
  toggles: { optional: { smsOptOutText: "flag", smsSenderId: "flag", emailUnsubscribeFooter: "flag" } },
};

const policy: Readonly<Record<keyof WorkflowPolicy, Shape>> = {
  reentry: "flag",
  window: { orNull: { optional: { days: { list: "number" }, start: "text", end: "text" } } },
  sender: { optional: { name: "text", email: "text" } },
  requiredSteps: { list: "text" },
};

/** Problems of location facts as a caller gives them; none: they are `LocationFacts`. Every key is optional. */
export function checkFacts(given: unknown): readonly ShapeProblem[] {
  return checkShape({ optional: facts, strict: true }, given);
}

/** Problems of a policy, by workflow name. */
export function checkPolicy(given: unknown): readonly ShapeProblem[] {
  return checkShape({ byName: { optional: policy, strict: true } }, given);
}
