import { type Answer, json, notFound, unauthorized, unprocessable } from "./answer.ts";
import { consentOf, type StandInLocation, type State } from "./state.ts";

/** Reads of a location's data: path → scope and contents. Shapes: HighLevel's published OpenAPI documents. */

type Contents = (location: StandInLocation, query: URLSearchParams) => object;

const CREATED = "2026-01-12T08:00:00.000Z";

const byQuery: Readonly<Record<string, readonly [scope: string, contents: Contents]>> = {
  "/workflows/": [
    "workflows.readonly",
    ({ id, workflows = [] }) => ({
      workflows: workflows.map((workflow) => ({
        version: 1,
        ...workflow,
        createdAt: CREATED,
        updatedAt: CREATED,
        locationId: id,
      })),
    }),
  ],
  "/users/": [
    "users.readonly",
    () => ({ users: [{ id: "user-1", name: "Dana Owner", firstName: "Dana", lastName: "Owner", deleted: false }] }),
  ],
  "/opportunities/pipelines": [
    "opportunities.readonly",
    ({ id }) => ({
      pipelines: [{ id: "pipeline-1", name: "Sales", stages: [{ id: "stage-1", name: "New" }], locationId: id }],
    }),
  ],
  "/calendars/": ["calendars.readonly", () => ({ calendars: [{ id: "calendar-1", name: "Visits", isActive: true }] })],
  "/forms/": [
    "forms.readonly",
    ({ id }, query) => page(query, "forms", [{ id: "form-1", name: "Contact us", locationId: id }]),
  ],
  "/surveys/": [
    "surveys.readonly",
    ({ id }, query) => page(query, "surveys", [{ id: "survey-1", name: "How was it?", locationId: id }]),
  ],
};

const byPath: Readonly<Record<string, readonly [scope: string, contents: Contents]>> = {
  "": [
    "locations.readonly",
    ({ id, name, companyId }) => ({ location: { id, name, companyId, timezone: "America/New_York" } }),
  ],
  "/tags": ["locations/tags.readonly", ({ id }) => ({ tags: [{ id: "tag-1", name: "lead", locationId: id }] })],
  "/customFields": [
    "locations/customFields.readonly",
    () => ({
      customFields: [{ id: "field-1", name: "Roof type", fieldKey: "contact.roof_type", dataType: "SINGLE_OPTIONS" }],
    }),
  ],
  "/customValues": [
    "locations/customValues.readonly",
    () => ({
      customValues: [
        {
          id: "value-1",
          name: "Booking link",
          fieldKey: "{{ custom_values.booking_link }}",
          value: "https://acme.example/book",
        },
      ],
    }),
  ],
};

function page(query: URLSearchParams, name: string, all: readonly object[]): object {
  const skip = Number(query.get("skip") ?? 0);
  return { [name]: all.slice(skip, skip + Number(query.get("limit") ?? 10)), total: all.length };
}

export function locationData(
  state: State,
  request: {
    readonly path: string;
    readonly query: URLSearchParams;
    readonly bearer: string;
    readonly version: string | undefined;
  },
): Answer {
  const { path, query, bearer, version } = request;
  const [, idInPath, rest] = /^\/locations\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  const route = idInPath === undefined ? byQuery[path] : byPath[rest ?? ""];
  if (route === undefined) return notFound();
  const [scope, contents] = route;
  if (version === undefined) return unauthorized("version header was not found.");
  const consent = consentOf(state, bearer);
  if (consent === null) return unauthorized();
  if (!consent.scopes.includes(scope)) return unauthorized("The token is not authorized for this scope.");
  const locationId = idInPath ?? query.get("locationId");
  if (locationId === null) return unprocessable("locationId must be a string");
  const location = state.locations.get(locationId);
  if (location === undefined || consent.locationId !== locationId) {
    return json(403, { statusCode: 403, message: "The token does not have access to this location." });
  }
  return json(200, contents(location, query));
}
