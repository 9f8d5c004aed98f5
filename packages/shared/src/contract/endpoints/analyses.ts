import { z } from "zod";
import {
  acceptedAnalysis,
  analysisResource,
  diffQuery,
  finishedAnalysis,
  historyEntry,
  historyQuery,
  readQuery,
  reportFormats,
  reportQuery,
  submitHeaders,
  submitRequest,
} from "../analyses.ts";
import type { Endpoint } from "../endpoint.ts";
import { analysisReport, gateFields, reportDiff } from "../report.ts";

const id = "0198d2f0-6f6e-7c3a-9b1e-5a4d2c7f8e90";
const links = {
  self: `/api/analysis/${id}`,
  events: `/api/analysis/${id}/events`,
  report: `/api/analysis/${id}/report`,
};
const createdAt = "2026-01-15T09:30:00.000Z";
const accepted = { id, status: "queued", workflowId: "wf-welcome", createdAt, definitionAt: null, links };
const noQuery = z.strictObject({});
const params = z.object({ id: z.string().meta({ description: "An analysis id; anything else is 404." }) });

const graphExample = {
  workflow: {
    id: "wf-welcome",
    name: "Welcome new lead",
    status: "published",
    triggers: [{ id: "t1", type: "contact_created", name: "Contact created" }],
    nodes: [
      { id: "s1", type: "email", name: "Welcome email", config: { subject: "Welcome", body: "Good to have you." } },
      { id: "s2", type: "wait", name: "Wait a day", config: { value: 1, unit: "days" } },
    ],
    connections: [
      { from: "t1", to: "s1" },
      { from: "s1", to: "s2" },
    ],
  },
};

export const analysisEndpoints = {
  submitAnalysis: {
    method: "post",
    path: "/api/analyze",
    tag: "Analyses",
    summary: "Submit a workflow for analysis",
    description:
      "Accepted means stored: the analysis survives any restart. Poll the address in Location, follow its event stream, " +
      "or ask for the result at once with `Prefer: wait=N`.",
    scope: "analyze",
    limit: "analyze",
    query: noQuery,
    headers: submitHeaders,
    body: { schema: submitRequest, examples: { graph: graphExample } },
    answers: {
      200: {
        description: "The result came within the time `Prefer: wait` allows.",
        schema: finishedAnalysis,
        headers: { "Preference-Applied": "The wait that was applied.", "Idempotency-Replayed": "`true` on a repeat." },
      },
      202: {
        description: "Stored and waiting for a worker.",
        schema: acceptedAnalysis,
        headers: {
          Location: "Address of the analysis.",
          "Retry-After": "Seconds until polling makes sense.",
          "Idempotency-Replayed": "`true` on a repeat.",
        },
        example: accepted,
      },
    },
    errors: [
      "INVALID_WORKFLOW",
      "CONFLICT",
      "DEFINITION_REQUIRED",
      "IDEMPOTENCY_KEY_REUSED",
      "UPSTREAM_FAILED",
      "UPSTREAM_TIMEOUT",
    ],
  },
  getAnalysis: {
    method: "get",
    path: "/api/analysis/{id}",
    tag: "Analyses",
    summary: "Read an analysis, waiting for a change if asked to",
    scope: "read",
    limit: "none",
    params,
    query: readQuery,
    headers: z.object({ "if-none-match": z.string().optional() }),
    answers: {
      200: {
        description: "The analysis as this location's plan may read it.",
        schema: analysisResource,
        headers: {
          ETag: "Changes with the analysis and with the plan; only on finished analyses.",
          "Retry-After": "Seconds until polling again makes sense; only while unfinished.",
        },
        example: {
          ...accepted,
          workflowName: "Welcome new lead",
          cached: false,
          attempts: 0,
          startedAt: null,
          finishedAt: null,
        },
      },
      304: { description: "The finished analysis is the one you have.", headers: { ETag: "As sent." } },
    },
    errors: ["NOT_FOUND"],
  },
  deleteAnalysis: {
    method: "delete",
    path: "/api/analysis/{id}",
    tag: "Analyses",
    summary: "Cancel an unfinished analysis, or remove a finished one",
    scope: "analyze",
    limit: "api",
    params,
    query: noQuery,
    answers: { 204: { description: "Canceled or removed." } },
    errors: ["NOT_FOUND"],
  },
  streamAnalysis: {
    method: "get",
    path: "/api/analysis/{id}/events",
    tag: "Analyses",
    summary: "Follow an analysis as server-sent events",
    description:
      "Event `status`, data the resource: the current state first, then every change; the stream closes at the end.",
    scope: "read",
    limit: "none",
    params,
    query: noQuery,
    answers: {
      200: {
        description: "The stream.",
        schema: z.string(),
        envelope: "raw",
        mediaTypes: ["text/event-stream"],
      },
    },
    errors: ["NOT_FOUND"],
  },
  getReport: {
    method: "get",
    path: "/api/analysis/{id}/report",
    tag: "Analyses",
    summary: "The report as a document",
    description: "The format is chosen by `?format=`, else by `Accept`; JSON when neither says.",
    scope: "read",
    limit: "api",
    params,
    query: reportQuery,
    headers: z.object({ "if-none-match": z.string().optional() }),
    answers: {
      304: { description: "The document is the one you have.", headers: { ETag: "As sent." } },
      200: {
        description: "The report as this location's plan may read it; not enveloped.",
        schema: z.object({ ...analysisReport.shape, ...gateFields }).meta({ id: "GatedReport" }),
        envelope: "raw",
        headers: { ETag: "Changes with whatever the document shows: report, plan, brand, release." },
        mediaTypes: [reportFormats.json, reportFormats.md, reportFormats.sarif, reportFormats.html, reportFormats.svg],
      },
    },
    errors: ["NOT_FOUND", "CONFLICT"],
  },
  getDiff: {
    method: "get",
    path: "/api/analysis/{id}/diff",
    tag: "Analyses",
    summary: "What changed since another analysis",
    description:
      "`against` is the analysis before, the one in the address the one after; the other way round what was fixed is new. As a page by `?format=html` or `Accept`.",
    scope: "read",
    limit: "api",
    params,
    query: diffQuery,
    answers: {
      200: {
        description: "The difference as this location's plan may read it; the page is not enveloped.",
        schema: reportDiff,
        mediaTypes: ["text/html"],
      },
    },
    errors: ["NOT_FOUND", "CONFLICT"],
  },
  listHistory: {
    method: "get",
    path: "/api/history",
    tag: "Analyses",
    summary: "The location's analyses, newest first",
    description:
      "With `workflowId` it is the trend of a workflow: each completed analysis says by how many points it differs from the one before.",
    scope: "read",
    limit: "api",
    query: historyQuery,
    answers: { 200: { description: "One page.", schema: historyEntry, envelope: "list" } },
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
