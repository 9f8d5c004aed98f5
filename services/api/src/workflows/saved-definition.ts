import type { SavedDefinition } from "@workflow-debugger/shared/db";

/** A stored version as the API shows it. */
export function savedDefinition({ definitionAt, ...saved }: SavedDefinition) {
  return { ...saved, definitionAt: definitionAt.toISOString() };
}
