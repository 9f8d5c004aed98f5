import { z } from "zod";
import { timestamp } from "./envelope.ts";

/** What operators see and do, behind their token. */

export const deadLettersQuery = z.strictObject({
  limit: z.coerce.number<string>().int().min(1).max(500).default(50),
});

export const deadLetter = z
  .object({
    job: z.enum(["analysis", "webhook"]),
    id: z.uuid(),
    status: z.string().meta({ description: "`failed`: attempts used up; `parked`: set aside by a handler." }),
    what: z.string().meta({ description: "The location of an analysis; provider and type of a webhook." }),
    attempts: z.int(),
    at: timestamp,
    error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
  })
  .meta({ id: "DeadLetter" });
