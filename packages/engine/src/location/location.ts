import type { LocationFacts } from "../options.ts";

/** One kind of fact: a key of the facts that a caller may give. */
export type FactName = Exclude<keyof LocationFacts, "asOf">;

/** A kind of fact that is a list. */
export type ListName = {
  [Name in FactName]: NonNullable<LocationFacts[Name]> extends readonly unknown[] ? Name : never;
}[FactName];

const NONE: readonly never[] = Object.freeze([]);

type FactOf<Name extends FactName> = NonNullable<LocationFacts[Name]> extends readonly (infer Item)[] ? Item : never;

export type CustomFieldFact = FactOf<"customFields">;
export type PipelineFact = FactOf<"pipelines">;

/** A stage and where it stands: `position` counts from 0 in stage order. */
export interface StagePlace {
  readonly id: string;
  readonly name: string;
  readonly position: number;
  readonly pipeline: PipelineFact;
}

/**
 * What is known of the location, by id, key and name. What was not given is unknown, never empty: ask `knows` before a missing
 * entry means anything. HighLevel stores ids; hand-written documents may name things, so both find an entry.
 */
export interface Location {
  /** The day of which the facts are (YYYY-MM-DD); null when they do not say. */
  readonly asOf: string | null;
  readonly knows: (fact: FactName) => boolean;
  /** A list of the facts as it was given; empty when it was not. */
  readonly all: <Name extends ListName>(fact: Name) => NonNullable<LocationFacts[Name]>;
  readonly toggles: NonNullable<LocationFacts["toggles"]>;
  /** Custom values as they were given; none when they were not. */
  readonly customValues: NonNullable<LocationFacts["customValues"]>;
  readonly user: (idOrName: string) => FactOf<"users"> | undefined;
  readonly hasTag: (name: string) => boolean;
  /** By id, or by key with or without its group (`contact.`, `opportunity.`). */
  readonly customField: (idOrKey: string) => CustomFieldFact | undefined;
  /** The facts hold custom fields of opportunities too, not only of contacts. */
  readonly knowsDealFields: () => boolean;
  /** The value of a custom value, by key with or without `custom_values.`. */
  readonly customValue: (key: string) => string | undefined;
  readonly pipeline: (idOrName: string) => PipelineFact | undefined;
  /** Every stage of this id or name; a name may occur in several pipelines. */
  readonly stages: (idOrName: string) => readonly StagePlace[];
  readonly calendar: (idOrName: string) => FactOf<"calendars"> | undefined;
  readonly form: (idOrName: string) => FactOf<"forms"> | undefined;
  readonly survey: (idOrName: string) => FactOf<"surveys"> | undefined;
  readonly workflow: (idOrName: string) => FactOf<"workflows"> | undefined;
  readonly template: (idOrName: string) => FactOf<"templates"> | undefined;
  readonly link: (idOrName: string) => FactOf<"links"> | undefined;
  readonly app: (id: string) => FactOf<"apps"> | undefined;
  /** A number of the location, in any spelling. */
  readonly phoneNumber: (number: string) => FactOf<"phoneNumbers"> | undefined;
  /** At least one number is there; one that can send texts. */
  readonly hasNumbers: () => boolean;
  readonly canSendSms: () => boolean;
  readonly sendingDomains: readonly string[];
  readonly channels: NonNullable<LocationFacts["channels"]>;
  /** Enrolments of a workflow, by its id. */
  readonly statistics: (workflowId: string) => NonNullable<LocationFacts["statistics"]>[string] | undefined;
}

/** Builds nothing until somebody asks: an index of 10,000 entries is made once for all workflows that share the options. */
export function createLocation(facts: LocationFacts): Location {
  const tag = lookup(facts.tags, (name) => [name.trim()]);
  const stages = lazily(() => stagesByKey(facts));
  const numbers = lookup(facts.phoneNumbers, ({ number }) => [digitsOf(number)]);
  const customValues = lazily(
    () => new Map(Object.entries(facts.customValues ?? {}).map(([key, value]) => [plainKey(key), value])),
  );
  return {
    asOf: facts.asOf?.slice(0, 10) ?? null,
    knows: (fact) => facts[fact] !== undefined,
    all: <Name extends ListName>(fact: Name) => facts[fact] ?? (NONE as NonNullable<LocationFacts[Name]>),
    toggles: facts.toggles ?? {},
    customValues: facts.customValues ?? {},
    user: lookup(facts.users, idAndName),
    hasTag: (name) => tag(name.trim()) !== undefined,
    customField: lookup(facts.customFields, ({ id, key }) => [plainKey(key), key, ...(id === undefined ? [] : [id])]),
    knowsDealFields: lazily(() => facts.customFields?.some(({ key }) => key.startsWith("opportunity.")) ?? false),
    customValue: (key) => customValues().get(plainKey(key)),
    pipeline: lookup(facts.pipelines, idAndName),
    stages: (idOrName) => stages().get(idOrName.toLowerCase()) ?? NO_STAGES,
    calendar: lookup(facts.calendars, idAndName),
    form: lookup(facts.forms, idAndName),
    survey: lookup(facts.surveys, idAndName),
    workflow: lookup(facts.workflows, idAndName),
    template: lookup(facts.templates, idAndName),
    link: lookup(facts.links, idAndName),
    app: lookup(facts.apps, ({ id }) => [id]),
    phoneNumber: (number) => numbers(digitsOf(number)),
    hasNumbers: () => (facts.phoneNumbers?.length ?? 0) > 0,
    canSendSms: () => facts.phoneNumbers?.some(({ sms }) => sms) ?? false,
    sendingDomains: facts.sendingDomains ?? [],
    channels: facts.channels ?? {},
    statistics: (workflowId) =>
      facts.statistics !== undefined && Object.hasOwn(facts.statistics, workflowId)
        ? facts.statistics[workflowId]
        : undefined,
  };
}

/** "needs location facts: users, tags" for those that were not given; null when all were. */
export function needsFacts({ knows }: Location, wanted: Iterable<FactName>): string | null {
  const missing: FactName[] = [];
  for (const fact of wanted) if (!knows(fact) && !missing.includes(fact)) missing.push(fact);
  return missing.length === 0 ? null : `needs location facts: ${missing.sort().join(", ")}`;
}

const NO_STAGES: readonly StagePlace[] = Object.freeze([]);

function lazily<Made>(make: () => Made): () => Made {
  let made: { readonly it: Made } | null = null;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

/** Finds an entry by any of its keys, whatever their case; of several the first. */
function lookup<Item>(
  items: readonly Item[] | undefined,
  keysOf: (item: Item) => readonly string[],
): (key: string) => Item | undefined {
  const index = lazily(() => {
    const byKey = new Map<string, Item>();
    // Backwards, so that the first item stays.
    for (const item of (items ?? []).toReversed()) for (const key of keysOf(item)) byKey.set(key.toLowerCase(), item);
    return byKey;
  });
  return (key) => index().get(key.toLowerCase());
}

function idAndName({ id, name }: { readonly id: string; readonly name: string }): readonly string[] {
  return [name, id];
}

/** `contact.roof_type` and `{{ custom_values.brand }}` without what stands around the key. */
function plainKey(key: string): string {
  return key
    .replace(/^\s{0,9}\{\{\s{0,9}|\s{0,9}\}\}\s{0,9}$/g, "")
    .replace(/^(?:contact|opportunity|custom_values)\./, "")
    .toLowerCase();
}

function digitsOf(number: string): string {
  return number.replace(/\D/g, "");
}

function stagesByKey({ pipelines }: LocationFacts): ReadonlyMap<string, readonly StagePlace[]> {
  const byKey = new Map<string, StagePlace[]>();
  for (const pipeline of pipelines ?? [])
    pipeline.stages.forEach(({ id, name }, position) => {
      const place = { id, name, position, pipeline };
      for (const key of new Set([id.toLowerCase(), name.toLowerCase()])) {
        const known = byKey.get(key);
        if (known === undefined) byKey.set(key, [place]);
        else known.push(place);
      }
    });
  return byKey;
}
