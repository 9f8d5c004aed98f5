import type { LocationFacts } from "@workflow-debugger/engine";
import type { z } from "zod";
import { type FactName, factScopes } from "../contract/settings.ts";
import type { GhlClient } from "./client.ts";
import { GhlError, type GhlErrorCategory } from "./errors.ts";
import {
  calendarsAnswer,
  customFieldsAnswer,
  customValuesAnswer,
  formsAnswer,
  pipelinesAnswer,
  surveysAnswer,
  tagsAnswer,
  usersAnswer,
} from "./shapes.ts";

type Mutable<Facts> = { -readonly [Key in keyof Facts]: Facts[Key] };
/** What could be read of a location, and what could not and why. */
export interface FactsRead {
  /** As the engine takes them; a key that is absent is not known. */
  readonly facts: LocationFacts;
  readonly missing: Readonly<Partial<Record<FactName, "not granted" | GhlErrorCategory>>>;
}

/** The calendars API is of an older version than the rest. */
const CALENDARS_VERSION = "2021-04-15";
/** Forms and surveys come in pages. */
const PAGE = 50;
const MOST_PAGES = 200;

/**
 * Reads what the granted scopes allow of a location, one fact at a time, so that the location's rate budget is never
 * emptied at once. A fact that cannot be read is missing; the others stand.
 */
export async function readLocationFacts(
  client: GhlClient,
  wanted: {
    readonly locationId: string;
    readonly token: string;
    readonly scopes: readonly string[];
    /** ISO date-time, for the report to say of when the facts are. */
    readonly asOf: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<FactsRead> {
  const { locationId, token, scopes, asOf, signal } = wanted;
  const facts: Mutable<LocationFacts> = { asOf };
  const missing: Partial<Record<FactName, "not granted" | GhlErrorCategory>> = {};
  const inLocation = `/locations/${encodeURIComponent(locationId)}`;
  const get = <Schema extends z.ZodType>(path: string, schema: Schema, query = {}, version?: string) =>
    client.read({
      token,
      resource: locationId,
      path,
      query,
      schema,
      signal,
      ...(version === undefined ? {} : { version }),
    });
  const ofLocation = { locationId };

  async function pages<Item>(read: (query: Record<string, string>) => Promise<readonly Item[]>): Promise<Item[]> {
    const all: Item[] = [];
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const items = await read({ ...ofLocation, skip: String(page * PAGE), limit: String(PAGE) });
      all.push(...items);
      if (items.length < PAGE) break;
    }
    return all;
  }

  const readers: Readonly<Record<FactName, () => Promise<void>>> = {
    async users() {
      const { users } = await get("/users/", usersAnswer, ofLocation);
      facts.users = users.map((user) => ({
        id: user.id,
        name: user.name ?? [user.firstName, user.lastName].filter(Boolean).join(" "),
        active: user.deleted !== true,
      }));
    },
    async tags() {
      facts.tags = (await get(`${inLocation}/tags`, tagsAnswer)).tags.map(({ name }) => name);
    },
    async customFields() {
      const { customFields } = await get(`${inLocation}/customFields`, customFieldsAnswer);
      facts.customFields = customFields.map((field) => ({
        id: field.id,
        key: field.fieldKey ?? field.id,
        type: field.dataType ?? "unknown",
        ...(field.name === undefined ? {} : { name: field.name }),
        ...(field.picklistOptions === undefined ? {} : { options: field.picklistOptions }),
      }));
    },
    async customValues() {
      const { customValues } = await get(`${inLocation}/customValues`, customValuesAnswer);
      facts.customValues = Object.fromEntries(
        customValues.flatMap(({ fieldKey, name, value }) => {
          const key = customValueKey(fieldKey ?? name ?? "");
          return key === "" ? [] : [[key, value ?? ""]];
        }),
      );
    },
    async pipelines() {
      const { pipelines } = await get("/opportunities/pipelines", pipelinesAnswer, ofLocation);
      facts.pipelines = pipelines.map(({ id, name, stages = [] }) => ({ id, name, stages: stages.map(named) }));
    },
    async calendars() {
      const { calendars } = await get("/calendars/", calendarsAnswer, ofLocation, CALENDARS_VERSION);
      facts.calendars = calendars.map(named);
    },
    async forms() {
      const forms = await pages(async (query) => (await get("/forms/", formsAnswer, query)).forms);
      facts.forms = forms.map((form) => ({ ...named(form), active: true }));
    },
    async surveys() {
      const surveys = await pages(async (query) => (await get("/surveys/", surveysAnswer, query)).surveys);
      facts.surveys = surveys.map((survey) => ({ ...named(survey), active: true }));
    },
    async workflows() {
      const workflows = await client.workflows(token, locationId);
      facts.workflows = workflows.map(({ id, name, status }) => ({ id, name, status }));
    },
  };

  for (const [name, reader] of Object.entries(readers) as [FactName, () => Promise<void>][]) {
    // An install that does not say its scopes is asked all the same.
    if (scopes.length > 0 && !scopes.includes(factScopes[name])) {
      missing[name] = "not granted";
      continue;
    }
    try {
      await reader();
    } catch (error) {
      if (!(error instanceof GhlError)) throw error;
      missing[name] = error.category;
    }
  }
  return { facts, missing };
}

function named({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name };
}

/** `{{ custom_values.booking_link }}` → `booking_link`. */
function customValueKey(fieldKey: string): string {
  return fieldKey.replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, "").replace(/^custom_values\./, "");
}
