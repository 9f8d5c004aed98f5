import { z } from "zod";
import { readQuery, submitHeaders } from "../analyses.ts";
import type { Endpoint } from "../endpoint.ts";
import {
  acceptedRun,
  auditReportMediaTypes,
  auditReportQuery,
  auditRequest,
  auditResource,
  finishedAudit,
  finishedSimulation,
  locationReference,
  referencesQuery,
  simulationRequest,
  simulationResource,
  traceMediaTypes,
  traceQuery,
} from "../location-runs.ts";

const id = "0198d2f0-6f6e-7c3a-9b1e-5a4d2c7f8e90";
const createdAt = "2026-01-15T09:30:00.000Z";
const noQuery = z.strictObject({});
const params = z.object({ id: z.string().meta({ description: "An id; anything else is 404." }) });

const hot = {
  id: "hot",
  name: "Hot leads",
  status: "published",
  triggers: [{ type: "form_submission", active: true }],
  actions: [{ id: "tag", type: "add_contact_tag", name: "Tag", config: { tags: ["hot"] } }],
};
const text = {
  id: "text",
  name: "Text hot leads",
  status: "published",
  triggers: [{ type: "contact_tag", active: true, conditions: [{ field: "tagsAdded", value: ["hot"] }] }],
  actions: [{ id: "sms", type: "sms", name: "Text", config: { body: "Hi {{contact.first_name}}!" } }],
};

const links = (path: string) => ({
  self: `${path}/${id}`,
  events: `${path}/${id}/events`,
  report: `${path}/${id}/report`,
});
const queued = (path: string) => ({ id, status: "queued", createdAt, links: links(path) });
const accepted = (path: string) => ({ ...queued(path), total: 2 });
const unfinished = (path: string) => ({
  ...queued(path),
  progress: { done: 0, total: 2 },
  attempts: 0,
  startedAt: null,
  finishedAt: null,
});

const submitAnswers = (path: string, finished: z.ZodType) => ({
  200: {
    description: "The result came within the time `Prefer: wait` allows.",
    schema: finished,
    headers: { "Preference-Applied": "The wait that was applied.", "Idempotency-Replayed": "`true` on a repeat." },
  },
  202: {
    description: "Stored and waiting for a worker.",
    schema: acceptedRun,
    headers: {
      Location: "Its address.",
      "Retry-After": "Seconds until polling makes sense.",
      "Idempotency-Replayed": "`true` on a repeat.",
    },
    example: accepted(path),
  },
});
const submitErrors = ["CONFLICT", "DEFINITION_REQUIRED", "IDEMPOTENCY_KEY_REUSED", "PLAN_REQUIRED"] as const;
const readAnswers = (path: string, schema: z.ZodType) => ({
  200: {
    description: "The state now, with the result once it is completed.",
    schema,
    headers: {
      ETag: "Changes with the state and with the plan; only once finished.",
      "Retry-After": "Seconds until polling again makes sense; only while unfinished.",
    },
    example: unfinished(path),
  },
  304: { description: "The finished one is what you have.", headers: { ETag: "As sent." } },
});
const stream = {
  200: { description: "The stream.", schema: z.string(), envelope: "raw", mediaTypes: ["text/event-stream"] },
} as const;
const matching = z.object({ "if-none-match": z.string().optional() });
const streaming = "Event `status`, data the resource: the current state first, then every change and its progress.";

export const locationRunEndpoints = {
  submitAudit: {
    method: "post",
    path: "/api/audit",
    tag: "Audits",
    summary: "Audit all workflows of a location together",
    description:
      "Every workflow for itself, and what they do to each other. A workflow that cannot be read is a failed entry of the result; the others stand. Their analyses appear in the history.",
    scope: "analyze",
    limit: "analyze",
    query: noQuery,
    headers: submitHeaders,
    body: { schema: auditRequest, examples: { given: { workflows: [hot, text] }, stored: {} } },
    answers: submitAnswers("/api/audit", finishedAudit),
    errors: submitErrors,
  },
  getAudit: {
    method: "get",
    path: "/api/audit/{id}",
    tag: "Audits",
    summary: "Read an audit, waiting for its end if asked to",
    scope: "read",
    limit: "none",
    params,
    query: readQuery,
    headers: matching,
    answers: readAnswers("/api/audit", auditResource),
    errors: ["NOT_FOUND"],
  },
  deleteAudit: {
    method: "delete",
    path: "/api/audit/{id}",
    tag: "Audits",
    summary: "Cancel an unfinished audit, or remove a finished one",
    description: "The analyses of its workflows stay in the history.",
    scope: "analyze",
    limit: "api",
    params,
    query: noQuery,
    answers: { 204: { description: "Canceled or removed." } },
    errors: ["NOT_FOUND"],
  },
  streamAudit: {
    method: "get",
    path: "/api/audit/{id}/events",
    tag: "Audits",
    summary: "Follow an audit as server-sent events",
    description: streaming,
    scope: "read",
    limit: "none",
    params,
    query: noQuery,
    answers: stream,
    errors: ["NOT_FOUND"],
  },
  getAuditReport: {
    method: "get",
    path: "/api/audit/{id}/report",
    tag: "Audits",
    summary: "The audit as a document",
    description:
      "The whole report, with the map of the workflows and what ties them. By `?format=`, else by `Accept`; JSON when neither says.",
    scope: "read",
    limit: "api",
    params,
    query: auditReportQuery,
    answers: {
      200: {
        description: "The report as this location's plan may read it; not enveloped.",
        schema: z.looseObject({}),
        envelope: "raw",
        mediaTypes: auditReportMediaTypes,
      },
    },
    errors: ["NOT_FOUND", "CONFLICT"],
  },
  listReferences: {
    method: "get",
    path: "/api/audit/{id}/references",
    tag: "Audits",
    summary: "Find all references: who writes a tag, field, stage, user, … and who reads it",
    scope: "read",
    limit: "api",
    params,
    query: referencesQuery,
    answers: {
      200: {
        description: "What fits, all on one page.",
        schema: locationReference,
        envelope: "list",
        example: {
          kind: "tag",
          id: "hot",
          name: "hot",
          writers: [{ workflowId: "hot", stepId: "tag" }],
          readers: [{ workflowId: "text", stepId: "trigger-1" }],
        },
      },
    },
    errors: ["NOT_FOUND", "CONFLICT", "PLAN_REQUIRED"],
  },
  submitSimulation: {
    method: "post",
    path: "/api/simulate",
    tag: "Simulations",
    summary: "Take one contact through a workflow, or through all of them",
    description:
      "A dry run on a virtual clock: nothing is sent. With `workflows`, or none named, a tag set by one workflow starts another.",
    scope: "analyze",
    limit: "analyze",
    query: noQuery,
    headers: submitHeaders,
    body: {
      schema: simulationRequest,
      examples: {
        form: {
          workflows: [hot, text],
          contact: { firstName: "Ada", phone: "+13125550123", timezone: "America/Chicago" },
          start: { at: "2026-11-24T23:40:00-06:00", trigger: { type: "form", formId: "contact-us" } },
        },
      },
    },
    answers: submitAnswers("/api/simulate", finishedSimulation),
    errors: ["INVALID_WORKFLOW", ...submitErrors, "UPSTREAM_FAILED", "UPSTREAM_TIMEOUT"],
  },
  getSimulation: {
    method: "get",
    path: "/api/simulate/{id}",
    tag: "Simulations",
    summary: "Read a simulation, waiting for its end if asked to",
    scope: "read",
    limit: "none",
    params,
    query: readQuery,
    headers: matching,
    answers: readAnswers("/api/simulate", simulationResource),
    errors: ["NOT_FOUND"],
  },
  deleteSimulation: {
    method: "delete",
    path: "/api/simulate/{id}",
    tag: "Simulations",
    summary: "Cancel an unfinished simulation, or remove a finished one",
    scope: "analyze",
    limit: "api",
    params,
    query: noQuery,
    answers: { 204: { description: "Canceled or removed." } },
    errors: ["NOT_FOUND"],
  },
  streamSimulation: {
    method: "get",
    path: "/api/simulate/{id}/events",
    tag: "Simulations",
    summary: "Follow a simulation as server-sent events",
    description: streaming,
    scope: "read",
    limit: "none",
    params,
    query: noQuery,
    answers: stream,
    errors: ["NOT_FOUND"],
  },
  getTrace: {
    method: "get",
    path: "/api/simulate/{id}/report",
    tag: "Simulations",
    summary: "The trace as a document",
    description: "As JSON, as a story in Markdown, or as a page that runs no script.",
    scope: "read",
    limit: "api",
    params,
    query: traceQuery,
    answers: {
      200: {
        description: "The trace; not enveloped.",
        schema: z.looseObject({}),
        envelope: "raw",
        mediaTypes: traceMediaTypes,
      },
    },
    errors: ["NOT_FOUND", "CONFLICT"],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
