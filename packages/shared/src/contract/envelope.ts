import { z } from "zod";
import { type ErrorCode, errorCodes } from "./errors.ts";

/** The one shape of every JSON answer. */

export const timestamp = z.iso.datetime().meta({ id: "Timestamp", description: "ISO 8601, UTC." });
export const meta = z
  .object({ timestamp, requestId: z.guid().meta({ description: "Also in the X-Request-ID header." }) })
  .meta({ id: "Meta" });

export function successEnvelope<Data extends z.ZodType>(data: Data) {
  return z.object({ success: z.literal(true), data, meta });
}

export function listEnvelope<Item extends z.ZodType>(item: Item, more: Readonly<Record<string, z.ZodType>> = {}) {
  const pagination = z.object({
    limit: z.int(),
    nextCursor: z.string().nullable().meta({ description: "Pass it as `cursor`; null on the last page." }),
  });
  return z.object({
    success: z.literal(true),
    data: z.array(item),
    meta: z.object({ ...meta.shape, pagination, ...more }),
  });
}

export const errorDetail = z
  .object({
    path: z.string().meta({ description: "JSON Pointer to the offending value." }),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: "ErrorDetail" });

const anyDetails = z.union([z.array(errorDetail), z.record(z.string(), z.unknown())]);

/** The error envelope of the given codes; `details` narrows what they carry. */
export function errorEnvelope(
  codes: readonly [ErrorCode, ...ErrorCode[]] = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]],
  details: z.ZodType = anyDetails,
) {
  return z.object({
    success: z.literal(false),
    error: z.object({ code: z.enum(codes), message: z.string(), details: details.optional() }),
    meta,
  });
}

export interface Meta {
  readonly timestamp: string;
  readonly requestId: string;
}
