import { AppError, workflowReference } from "@workflow-debugger/shared/contract";
import type { Context } from "hono";
import type { AppEnv } from "../dependencies.ts";

/** The workflow that the address names; `NOT_FOUND` for a text that can be no id. */
export function workflowIdOf(context: Context<AppEnv>): string {
  const id = workflowReference.safeParse(context.req.param("id") ?? "");
  if (id.success && id.data.isWellFormed()) return id.data;
  throw noSuchWorkflow();
}

export function noSuchWorkflow(): AppError {
  return new AppError("NOT_FOUND", { message: "This location has no workflow with this id." });
}
