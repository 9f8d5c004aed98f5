import { AppError, type ErrorDetail } from "@workflow-debugger/shared/contract";
import type { z } from "zod";

/** A request with a thousand mistakes is told about the first fifty. */
const MOST_DETAILS = 50;

/** JSON Pointer (RFC 6901) of a path of keys. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export function validationFailed(issues: readonly z.core.$ZodIssue[]): AppError {
  const details = issues.flatMap(detailsOf).slice(0, MOST_DETAILS);
  const first = details[0];
  const where = first === undefined || first.path === "" ? "" : ` at ${first.path}`;
  const message = first === undefined ? {} : { message: `The request is not valid${where}: ${first.message}.` };
  return new AppError("VALIDATION_FAILED", { ...message, details });
}

/** An unknown key is told where it stands, not where it is missing from. */
function detailsOf(issue: z.core.$ZodIssue): readonly ErrorDetail[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: jsonPointer([...issue.path, key]).slice(0, 500),
      code: "unknown_key",
      message: "is not known here",
    }));
  }
  return [{ path: jsonPointer(issue.path).slice(0, 500), code: issue.code, message: sentence(issue.message) }];
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1, 500).replace(/\.$/, "");
}

/** Parses a value, or throws `VALIDATION_FAILED` with every place that does not fit. */
export function valid<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw validationFailed(result.error.issues);
}
