import { isCustomFieldId } from "../conditions/fields.ts";
import type { ReferenceKind } from "../domain/reference-fields.ts";
import type { FactName, Location } from "./location.ts";
import type { Reference } from "./references.ts";

/** Which fact says whether something of a kind exists; null: no fact does. */
export const factOf: Readonly<Record<ReferenceKind, FactName | null>> = {
  user: "users",
  tag: "tags",
  "custom field": "customFields",
  "custom value": "customValues",
  pipeline: "pipelines",
  stage: "pipelines",
  calendar: "calendars",
  form: "forms",
  survey: "surveys",
  template: "templates",
  "trigger link": "links",
  workflow: "workflows",
  "phone number": "phoneNumbers",
  product: null,
  sheet: null,
};

/** Is what the reference names there, and in use? null: the facts do not say. */
export function exists({ kind, value, ofDeal }: Reference, location: Location): boolean | null {
  const fact = factOf[kind];
  if (fact === null || !location.knows(fact)) return null;
  switch (kind) {
    case "user":
      return location.user(value)?.active === true;
    case "tag":
      return location.hasTag(value);
    case "custom field":
      if (location.customField(value) !== undefined) return true;
      return ofDeal && !location.knowsDealFields() ? null : false;
    case "custom value":
      // The facts know them by key only.
      return isCustomFieldId(value) ? null : location.customValue(value) !== undefined;
    case "pipeline":
      return location.pipeline(value) !== undefined;
    case "stage":
      return location.stages(value).length > 0;
    case "calendar":
      return location.calendar(value) !== undefined;
    case "form":
      return location.form(value) !== undefined;
    case "survey":
      return location.survey(value) !== undefined;
    case "template":
      return location.template(value) !== undefined;
    case "trigger link":
      return location.link(value) !== undefined;
    case "workflow":
      return location.workflow(value) !== undefined;
    case "phone number":
      return location.phoneNumber(value) !== undefined;
    default:
      return null;
  }
}
