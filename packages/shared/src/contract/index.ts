/** What the API promises and what its parts say to each other: schemas, error codes, job payloads, the OpenAPI document. */
export * from "./analyses.ts";
export * from "./analysis-options.ts";
export * from "./client.ts";
export * from "./development.ts";
export type { Answer, Endpoint } from "./endpoint.ts";
export { endpoints, type OperationId } from "./endpoints.ts";
export * from "./envelope.ts";
export * from "./errors.ts";
export {
  type Answered,
  answerExample,
  type OpenApiDocument,
  type Operation,
  requestExample,
} from "./examples.ts";
export * from "./health.ts";
export * from "./identity.ts";
export * from "./jobs.ts";
export * from "./location-runs.ts";
export { buildOpenApi, errorsOf } from "./openapi.ts";
export * from "./operations.ts";
export * from "./report.ts";
export * from "./rules.ts";
export * from "./settings.ts";
export * from "./subscription.ts";
export * from "./webhooks.ts";
export * from "./workflows.ts";
