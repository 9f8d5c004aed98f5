import { escapePointer } from "../model/pointer.ts";
import type { LocationFacts, WorkflowPolicy } from "../options.ts";

/** Something in facts or policy that cannot be meant; `path` is a JSON Pointer into what was given. */
export interface ShapeProblem {
  readonly path: string;
  readonly message: string;
}

type Shape =
  | "text"
  | "number"
  | "flag"
  | { readonly list: Shape }
  | { readonly byName: Shape }
  | KeyedShape
  | { readonly orNull: Shape };

interface KeyedShape {
  readonly keys?: Readonly<Record<string, Shape>>;
  readonly optional?: Readonly<Record<string, Shape>>;
  /** Other keys are a slip of the pen; else they are passed over, since lists are often copied with all their columns. */
  readonly strict?: boolean;
}

const named = { id: "text", name: "text" } as const;
const asset: Shape = { list: { keys: { ...named, active: "flag" } } };

const facts: Readonly<Record<keyof LocationFacts, Shape>> = {
  asOf: "text",
  users: asset,
  tags: { list: "text" },
  customFields: {
    list: { keys: { key: "text", type: "text" }, optional: { id: "text", name: "text", options: { list: "text" } } },
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
  return check({ optional: facts, strict: true }, given);
}

/** Problems of a policy, by workflow name. */
export function checkPolicy(given: unknown): readonly ShapeProblem[] {
  return check({ byName: { optional: policy, strict: true } }, given);
}

/** Enough to mend a file by; a file of a wrong kind has as many as it has entries. */
const MOST_PROBLEMS = 20;

function check(shape: Shape, given: unknown): readonly ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  visit(shape, given, "", problems);
  return problems.slice(0, MOST_PROBLEMS);
}

function visit(shape: Shape, value: unknown, path: string, problems: ShapeProblem[]): void {
  if (problems.length >= MOST_PROBLEMS) return;
  const fail = (message: string) => problems.push({ path, message });
  if (shape === "text") {
    if (typeof value !== "string") fail("must be a text");
  } else if (shape === "number") {
    if (typeof value !== "number" || !Number.isFinite(value)) fail("must be a number");
  } else if (shape === "flag") {
    if (typeof value !== "boolean") fail("must be true or false");
  } else if ("orNull" in shape) {
    if (value !== null) visit(shape.orNull, value, path, problems);
  } else if ("list" in shape) {
    if (!Array.isArray(value)) fail("must be a list");
    else
      value.forEach((item, at) => {
        visit(shape.list, item, `${path}/${at}`, problems);
      });
  } else if (typeof value !== "object" || value === null || Array.isArray(value)) fail("must be an object");
  else if ("byName" in shape)
    for (const [name, item] of Object.entries(value))
      visit(shape.byName, item, `${path}/${escapePointer(name)}`, problems);
  else visitKeys(shape, value, path, problems);
}

function visitKeys(
  { keys = {}, optional = {}, strict = false }: KeyedShape,
  value: object,
  path: string,
  problems: ShapeProblem[],
): void {
  const given = new Map<string, unknown>(Object.entries(value));
  for (const [key, shape] of Object.entries(keys)) visit(shape, given.get(key), `${path}/${key}`, problems);
  for (const [key, shape] of Object.entries(optional))
    if (given.has(key)) visit(shape, given.get(key), `${path}/${key}`, problems);
  if (!strict) return;
  for (const key of given.keys())
    if (!Object.hasOwn(keys, key) && !Object.hasOwn(optional, key))
      problems.push({ path: `${path}/${escapePointer(key)}`, message: "is not known here" });
}
