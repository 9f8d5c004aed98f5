import { z } from "zod";
import { historyQuery } from "./analyses.ts";

/** The `/test` endpoints: the whole way of an analysis without credentials, in development only. */

export const sampleName = z.enum(["critical", "medium", "healthy"]);

export const testSubmitRequest = z
  .strictObject({
    sample: sampleName.optional().meta({ description: "One of the shipped sample workflows." }),
    workflow: z.unknown().optional().meta({ description: "A definition of your own." }),
  })
  .refine((body) => (body.sample === undefined) !== (body.workflow === undefined), {
    error: "give exactly one of `sample` and `workflow`",
  })
  .meta({ id: "TestSubmit" });

export const testWorkflow = z
  .object({
    sample: sampleName,
    workflowId: z.string().nullable(),
    name: z.string(),
    status: z.string(),
    steps: z.int(),
  })
  .meta({ id: "TestWorkflow" });

export const testHistoryQuery = historyQuery;
export const deletedCount = z.object({ deleted: z.int().min(0) }).meta({ id: "DeletedCount" });
export const testHealth = z
  .object({
    status: z.enum(["ok", "degraded"]),
    queue: z.enum(["postgres", "redis"]),
    workers: z.int().min(0),
    samples: z.array(sampleName),
  })
  .meta({ id: "TestHealth" });

/** Whom the `/test` endpoints act for. The development stack creates it. */
export const developmentLocation = { id: "development", name: "Development", plan: "pro" } as const;
