import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { jobs } from "../jobs.ts";
import { backlogQuery, deadLetter, deadLettersQuery, queueState, tenantBacklog } from "../operations.ts";

const ofOperators = { tag: "Operations", scope: "ops", limit: "none" } as const;
const jobNames = Object.keys(jobs)
  .map((job) => `\`${job}\``)
  .join(" or ");
const job = z.string().meta({ description: `${jobNames}; anything else is 404.` });
const deadLetterParams = z.object({ job, id: z.string() });
const done = {
  303: { description: "Done, for a form in a browser: back to the page.", headers: { Location: "`/ops`." } },
};

export const operationEndpoints = {
  getMetrics: {
    ...ofOperators,
    method: "get",
    path: "/metrics",
    summary: "Metrics of this process and of the whole installation, for Prometheus",
    negotiated: false,
    answers: {
      200: { description: "Prometheus text.", schema: z.string(), envelope: "raw", mediaTypes: ["text/plain"] },
    },
  },
  getOperationsPage: {
    ...ofOperators,
    method: "get",
    path: "/ops",
    summary: "Queues, workers, backlog and dead letters at a glance, with their buttons",
    answers: {
      200: { description: "A page without scripts.", schema: z.string(), envelope: "raw", mediaTypes: ["text/html"] },
    },
  },
  listQueues: {
    ...ofOperators,
    method: "get",
    path: "/ops/queues",
    summary: "Every queue as its rows tell it",
    query: z.strictObject({}),
    answers: {
      200: {
        description: "One for each kind of job.",
        schema: queueState,
        envelope: "list",
        example: { job: "analysis", waiting: 12, active: 4, delayed: 1, dead: 0, oldestWaitingMs: 850, pausedAt: null },
      },
    },
  },
  pauseQueue: {
    ...ofOperators,
    method: "post",
    path: "/ops/queues/{job}/pause",
    summary: "Have no worker take jobs of a kind any more; what runs is finished, and new work is still accepted",
    params: z.object({ job }),
    answers: { 204: { description: "It is paused." }, ...done },
  },
  resumeQueue: {
    ...ofOperators,
    method: "post",
    path: "/ops/queues/{job}/resume",
    summary: "Have workers take jobs of a kind again",
    params: z.object({ job }),
    answers: { 204: { description: "It runs." }, ...done },
  },
  listBacklog: {
    ...ofOperators,
    method: "get",
    path: "/ops/backlog",
    summary: "Locations with open analyses, those with the most first",
    query: backlogQuery,
    answers: {
      200: {
        description: "The longest.",
        schema: tenantBacklog,
        envelope: "list",
        example: { locationId: "ve9EPM428h8vShlRW1KT", waiting: 310, active: 4, oldestWaitingMs: 42_000 },
      },
    },
  },
  listDeadLetters: {
    ...ofOperators,
    method: "get",
    path: "/ops/dead-letters",
    summary: "Work that needs a person, latest first",
    query: deadLettersQuery,
    answers: {
      200: {
        description: "The latest.",
        schema: deadLetter,
        envelope: "list",
        example: {
          job: "analysis",
          id: "0198d2f0-6f6e-7c3a-9b1e-5a4d2c7f8e90",
          status: "failed",
          what: "ve9EPM428h8vShlRW1KT",
          attempts: 3,
          at: "2026-01-15T09:30:00.000Z",
          error: { code: "ANALYSIS_CRASHED", message: "The analysis failed on our side.", retryable: true },
        },
      },
    },
  },
  replayDeadLetter: {
    ...ofOperators,
    method: "post",
    path: "/ops/dead-letters/{job}/{id}/replay",
    summary: "Hand a dead letter out anew, with all its attempts",
    params: deadLetterParams,
    answers: { 204: { description: "It is on its way." }, ...done },
  },
  discardDeadLetterFromPage: {
    ...ofOperators,
    method: "post",
    path: "/ops/dead-letters/{job}/{id}/discard",
    summary: "The same as DELETE, for forms",
    params: deadLetterParams,
    answers: { 204: { description: "Gone from the list." }, ...done },
  },
  discardDeadLetter: {
    ...ofOperators,
    method: "delete",
    path: "/ops/dead-letters/{job}/{id}",
    summary: "Take a dead letter off the list for good",
    params: deadLetterParams,
    answers: { 204: { description: "Gone from the list." } },
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
