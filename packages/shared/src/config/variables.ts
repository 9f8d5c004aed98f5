import { z } from "zod";

/** Kinds of variables. Messages tell the operator what to write. */

export const url = (...protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)),
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(" or ")}`,
    );

export const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(minimum, `must be at least ${minimum}`).max(maximum, `must be at most ${maximum}`));

/** Requests per minute; 0 turns the limit off. */
export const rateLimit = (perMinute: number) => wholeNumber(0, 1_000_000).default(perMinute);

/** Comma-separated. */
export const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);

export const origins = list.refine(
  (all) => all.every((text) => URL.canParse(text) && new URL(text).origin === text),
  "must be origins without a path, such as https://app.example.com, separated by commas",
);

export const structureUrl = url("http", "https").refine(
  (text) => text.includes("{workflowId}"),
  "must contain {workflowId}, and {locationId} where the service needs it",
);
