import { z } from "zod";
import { finishedAnalysis, historyEntry } from "../analyses.ts";
import { deletedCount, testHealth, testHistoryQuery, testSubmitRequest, testWorkflow } from "../development.ts";
import type { Endpoint } from "../endpoint.ts";

const development = { tag: "Development", scope: "none", limit: "api", errors: ["NOT_FOUND"] } as const;

export const developmentEndpoints = {
  testAnalyze: {
    ...development,
    method: "post",
    path: "/test/analyze",
    summary: "Analyse a sample, or a definition of your own, and wait for the result",
    description: "Only with NODE_ENV=development; goes through the real queue and worker. 404 elsewhere.",
    query: z.strictObject({}),
    body: { schema: testSubmitRequest, examples: { sample: { sample: "critical" } } },
    answers: { 200: { description: "The finished analysis.", schema: finishedAnalysis } },
    errors: ["NOT_FOUND", "INVALID_WORKFLOW", "UNAVAILABLE"],
  },
  testWorkflows: {
    ...development,
    method: "get",
    path: "/test/workflows",
    summary: "The shipped samples",
    query: z.strictObject({}),
    answers: { 200: { description: "All samples, one page.", schema: testWorkflow, envelope: "list" } },
  },
  testHistory: {
    ...development,
    method: "get",
    path: "/test/history",
    summary: "Analyses of the development location",
    query: testHistoryQuery,
    answers: { 200: { description: "One page.", schema: historyEntry, envelope: "list" } },
  },
  testClearHistory: {
    ...development,
    method: "delete",
    path: "/test/history",
    summary: "Remove the analyses of the development location",
    query: z.strictObject({}),
    answers: { 200: { description: "How many were removed.", schema: deletedCount, example: { deleted: 3 } } },
  },
  testHealth: {
    ...development,
    method: "get",
    path: "/test/health",
    summary: "Queue, workers and samples at a glance",
    query: z.strictObject({}),
    answers: { 200: { description: "The development stack's state.", schema: testHealth } },
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
