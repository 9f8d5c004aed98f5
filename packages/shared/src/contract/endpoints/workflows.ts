import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import {
  importOutcome,
  importRequest,
  savedDefinition,
  workflowEntry,
  workflowStructure,
  workflowsMeta,
  workflowsQuery,
} from "../workflows.ts";

const params = z.object({ id: z.string().meta({ description: "The workflow's id in HighLevel." }) });
const definition = {
  id: "wf-welcome",
  name: "Welcome new lead",
  status: "published",
  workflowData: {
    templates: [{ id: "s1", type: "sms", name: "Say hello", attributes: { body: "Thanks for writing!" }, order: 0 }],
  },
};
const saved = {
  workflowId: "wf-welcome",
  name: "Welcome new lead",
  version: 2,
  source: "upload",
  definitionAt: "2026-01-15T09:30:00.000Z",
  unchanged: false,
};
const shared = { tag: "Workflows", limit: "api" } as const;

export const workflowEndpoints = {
  listWorkflows: {
    ...shared,
    method: "get",
    path: "/api/workflows",
    summary: "The location's workflows, each with its last analysis",
    description:
      "As HighLevel lists them, by name. While HighLevel does not answer, the last known list with `meta.degraded`.",
    scope: "read",
    query: workflowsQuery,
    answers: { 200: { description: "One page.", schema: workflowEntry, envelope: "list", meta: workflowsMeta } },
  },
  getWorkflowStructure: {
    ...shared,
    method: "get",
    path: "/api/workflows/{id}/structure",
    summary: "Triggers, steps and edges of the newest stored definition",
    scope: "read",
    params,
    query: z.strictObject({}),
    answers: { 200: { description: "The structure, without the steps' contents.", schema: workflowStructure } },
    errors: ["NOT_FOUND", "DEFINITION_REQUIRED", "INVALID_WORKFLOW", "UPSTREAM_FAILED", "UPSTREAM_TIMEOUT"],
  },
  putDefinition: {
    ...shared,
    method: "put",
    path: "/api/workflows/{id}/definition",
    summary: "Store a definition as the workflow's newest version",
    description:
      "HighLevel's public API does not give a workflow's steps, so that its definition is handed in: the builder's JSON, in any " +
      "accepted format. It is kept encrypted, under the id of the address, whatever id it carries.",
    scope: "analyze",
    params,
    body: {
      schema: z.unknown().meta({ description: "The definition, in any accepted format." }),
      examples: { builder: definition },
    },
    answers: { 200: { description: "Stored.", schema: savedDefinition, example: saved } },
    errors: ["NOT_FOUND", "INVALID_WORKFLOW"],
  },
  importWorkflows: {
    ...shared,
    method: "post",
    path: "/api/workflows/import",
    summary: "Store the definitions of many workflows",
    description:
      "JSON, or a ZIP archive of JSON files. Each workflow must carry its id; what does not fit is named in `refused`, and the rest is stored.",
    scope: "analyze",
    body: { schema: importRequest, examples: { export: { workflows: [definition] } }, mediaTypes: ["application/zip"] },
    answers: {
      200: { description: "Stored.", schema: importOutcome, example: { imported: [saved], refused: [] } },
    },
    errors: ["INVALID_WORKFLOW"],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
