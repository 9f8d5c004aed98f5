import { z } from "zod";
import { timestamp } from "./envelope.ts";
import { type JobName, jobs } from "./jobs.ts";

/** What operators see and do, behind their token. */

const job = z.enum(Object.keys(jobs) as [JobName, ...JobName[]]);

export const backlogQuery = z.strictObject({
  limit: z.coerce.number<string>().int().min(1).max(500).default(50),
});

export const queueState = z
  .object({
    job,
    waiting: z.int().meta({ description: "Due and not taken yet." }),
    active: z.int(),
    delayed: z.int().meta({ description: "With a due time still to come." }),
    dead: z.int().meta({ description: "Dead letters." }),
    oldestWaitingMs: z.number().nullable(),
    pausedAt: timestamp.nullable(),
  })
  .meta({ id: "QueueState" });

export const tenantBacklog = z
  .object({
    locationId: z.string(),
    waiting: z.int(),
    active: z.int(),
    oldestWaitingMs: z.number().nullable(),
  })
  .meta({ id: "TenantBacklog" });

export const deadLettersQuery = z.strictObject({
  limit: z.coerce.number<string>().int().min(1).max(500).default(50),
});

export const deadLetter = z
  .object({
    job,
    id: z.uuid(),
    status: z.string().meta({ description: "`failed`: attempts used up; `parked`: set aside by a handler." }),
    what: z.string().meta({ description: "The location of an analysis; provider and type of a webhook." }),
    attempts: z.int(),
    at: timestamp,
    error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
  })
  .meta({ id: "DeadLetter" });
