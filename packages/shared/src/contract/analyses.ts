import { z } from "zod";
import { analysisOptions } from "./analysis-options.ts";
import { timestamp } from "./envelope.ts";
import { analysisFailureCodes } from "./errors.ts";
import { analysisReport, gateFields, grade, score, summary } from "./report.ts";

/** Requests and resources of the analysis endpoints. */

export const analysisStatus = z
  .enum(["queued", "running", "completed", "failed", "canceled"])
  .meta({ id: "AnalysisStatus" });

/** PostgreSQL cannot hold U+0000 in text, so no filter can match it. */
export const workflowReference = z
  .string()
  .min(1)
  .max(255)
  .refine((value) => !value.includes("\0"), { error: "must not contain the character U+0000" });

export const submitRequest = z
  .strictObject({
    workflow: z.unknown().optional().meta({
      description:
        "The definition: HighLevel builder JSON, graph JSON or an action list. Exactly one of this and workflowId.",
    }),
    workflowId: workflowReference.optional().meta({ description: "Analyse the newest stored definition." }),
    options: analysisOptions.optional(),
  })
  .refine((body) => (body.workflow === undefined) !== (body.workflowId === undefined), {
    error: "give exactly one of `workflow` and `workflowId`",
  })
  .meta({ id: "SubmitAnalysis" });

const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?$/, { error: "must be a number of seconds" })
  .transform(Number)
  .meta({ override: { type: "number", minimum: 0 } });

/** Longest a request may wait for a change of status, in seconds. */
export const longestWaitSeconds = 30;
export const waitSeconds = seconds.transform((value) => Math.min(value, longestWaitSeconds));

const waitPreference = /^\s*wait\s*=\s*(.*?)\s*$/i;
export const submitHeaders = z.object({
  "idempotency-key": z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ description: "A repeat within 24 h with the same bytes gives the first answer again." }),
  prefer: z
    .string()
    .optional()
    .transform((value, context) => {
      const preference = value?.split(/[,;]/).find((part) => waitPreference.test(part));
      const wanted = preference === undefined ? undefined : waitPreference.exec(preference)?.[1]?.replaceAll('"', "");
      if (wanted === undefined) return undefined;
      const wait = waitSeconds.safeParse(wanted);
      if (wait.success) return wait.data;
      context.addIssue({ code: "custom", message: "`wait` must be a number of seconds" });
      return z.NEVER;
    })
    .meta({
      description: "`wait=N` holds the answer up to N seconds (at most 30) for the result.",
      override: { type: "string", examples: ["wait=10"] },
    }),
});

const links = z.object({ self: z.string(), events: z.string(), report: z.string() });
const accepted = {
  id: z.uuid(),
  workflowId: z.string().nullable().meta({ description: "The id inside the definition; null when it has none." }),
  createdAt: timestamp,
  definitionAt: timestamp
    .nullable()
    .meta({ description: "From when the stored definition is that is analysed; null when it came with the request." }),
  links,
};
export const acceptedAnalysis = z.object({ ...accepted, status: z.literal("queued") }).meta({ id: "AcceptedAnalysis" });

const tracked = {
  ...accepted,
  workflowName: z.string().nullable(),
  cached: z.boolean().meta({ description: "The result came from an earlier analysis of the same definition." }),
  attempts: z.int().min(0),
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
};

export const failure = z
  .object({ code: z.enum(analysisFailureCodes), message: z.string(), retryable: z.boolean() })
  .meta({ id: "AnalysisFailure" });

/** How a completed analysis stands to the previous one of its workflow. */
const comparison = {
  previous: z
    .object({
      id: z.uuid(),
      score,
      grade,
      scoreDelta: z.int().meta({ description: "Points gained (positive) or lost since then." }),
    })
    .nullable()
    .meta({
      description: "The completed analysis of the same workflow before this one; null when there is none.",
    }),
  regression: z.boolean().meta({
    description: "Worse than the previous: a lower score, or the same score with graver findings.",
  }),
};

const unfinishedAnalysis = z.object({ ...tracked, status: z.enum(["queued", "running"]) });
const completedAnalysis = z.object({
  ...tracked,
  ...analysisReport.shape,
  ...gateFields,
  ...comparison,
  status: z.literal("completed"),
  durationMs: z.number().min(0),
});
const failedAnalysis = z.object({ ...tracked, status: z.literal("failed"), error: failure });
const canceledAnalysis = z.object({ ...tracked, status: z.literal("canceled") });

export const analysisResource = z
  .discriminatedUnion("status", [unfinishedAnalysis, completedAnalysis, failedAnalysis, canceledAnalysis])
  .meta({ id: "Analysis" });
export const finishedAnalysis = z
  .discriminatedUnion("status", [completedAnalysis, failedAnalysis, canceledAnalysis])
  .meta({ id: "FinishedAnalysis" });
export type AnalysisResource = z.output<typeof analysisResource>;
export type AcceptedAnalysis = z.output<typeof acceptedAnalysis>;

export const readQuery = z.strictObject({
  wait: waitSeconds.optional().meta({ description: "Seconds to wait for the status to change; at most 30 count." }),
});

/** `from` and `to` reach from 1970 to 9999: everything outside is as good as the edge. */
const instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: "must be an ISO 8601 date or date-time" })
  .transform((value) => new Date(Math.max(0, Date.parse(value))))
  .meta({ override: { type: "string", format: "date-time" } });

export const historyQuery = z.strictObject({
  workflowId: workflowReference.optional(),
  status: analysisStatus.optional(),
  grade: grade.optional(),
  from: instant.optional().meta({ description: "Created at or after." }),
  to: instant.optional().meta({ description: "Created before." }),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, { error: "must be a number from 1 to 100" })
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(20)
    .meta({ override: { type: "integer", minimum: 1, maximum: 100, default: 20 } }),
  cursor: z.string().min(1).max(500).optional(),
});

export const historyEntry = z
  .object({
    id: z.uuid(),
    workflowId: z.string().nullable(),
    workflowName: z.string().nullable(),
    status: analysisStatus,
    score: score.nullable(),
    grade: grade.nullable(),
    summary: summary.nullable(),
    ...comparison,
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: "HistoryEntry" });

/** Formats of the report, by the name `?format=` uses. */
export const reportFormats = {
  json: "application/json",
  md: "text/markdown",
  sarif: "application/sarif+json",
  html: "text/html",
  svg: "image/svg+xml",
} as const;
export type ReportFormat = keyof typeof reportFormats;
export const reportQuery = z.strictObject({
  format: z.enum(Object.keys(reportFormats) as [ReportFormat, ...ReportFormat[]]).optional(),
});

export const diffQuery = z.strictObject({
  against: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: "Id of the analysis to compare with, the earlier one as a rule." }),
  format: z.enum(["json", "html"]).optional(),
});
