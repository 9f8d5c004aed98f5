import { checkWorkflow, WorkflowFormatError } from "@workflow-debugger/engine/parse";
import { jsonPointer } from "../answers/validation.ts";

/** A workflow document of an import. */
export interface Document {
  /** File name and JSON Pointer: where it stood. */
  readonly path: string;
  readonly value: unknown;
}

/** What an import leaves out, and why. */
export interface Refusal {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** The documents of a JSON text: those of a list, wherever a list of workflows may stand, or the one that it is. */
export function documentsIn(file: string, value: unknown): readonly Document[] {
  const list = listPlace(value);
  if (list === null) return [{ path: file, value }];
  return list.values.map((entry, index) => ({ path: `${file}${list.pointer}${jsonPointer([index])}`, value: entry }));
}

/** The engine tells a list of workflows from a workflow, and where the list stands. */
function listPlace(value: unknown): { readonly pointer: string; readonly values: readonly unknown[] } | null {
  try {
    checkWorkflow(value);
    return null;
  } catch (error) {
    if (!(error instanceof WorkflowFormatError) || error.code !== "LIST_OF_WORKFLOWS") return null;
    const key = error.path.slice(1);
    const values = key === "" ? value : (value as Readonly<Record<string, unknown>>)[key];
    return Array.isArray(values) ? { pointer: error.path, values } : null;
  }
}
