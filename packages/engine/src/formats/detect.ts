import { isRecord, recordOf } from "../model/attributes.ts";
import type { Attributes } from "../model/workflow.ts";
import type { WorkflowFormat } from "../report/types.ts";
import { kindOf, WorkflowFormatError } from "./format-error.ts";

/** A document with its wrapping taken off: where the steps stand, where the triggers stand, and what format they have. */
export interface Source {
  readonly format: WorkflowFormat;
  /** The workflow document itself; empty when a bare list of steps was given. */
  readonly document: Attributes;
  readonly documentPointer: string;
  readonly steps: readonly unknown[];
  readonly stepsPointer: string;
  /** undefined: not supplied. */
  readonly triggers: unknown;
  readonly triggersPointer: string;
}

const FORMATS =
  "a HighLevel workflow (workflowData.templates), a graph (nodes and connections), an action list (actions), or a list of steps";

/** The documents of a whole location, a list or `{workflows}` or `{rows}`, and where they stand; null for a single workflow. */
export function workflowsIn(input: unknown): { readonly list: readonly unknown[]; readonly pointer: string } | null {
  if (isRecord(input)) {
    for (const key of ["workflows", "rows"]) {
      const list = input[key];
      if (Array.isArray(list)) return { list, pointer: `/${key}` };
    }
    return null;
  }
  return Array.isArray(input) && looksLikeDocument(input[0]) ? { list: input, pointer: "" } : null;
}

/** Recognises the format and every wrapping (docs/WORKFLOW_FORMATS.md). Throws WorkflowFormatError when none fits. */
export function detect(input: unknown): Source {
  if (Array.isArray(input)) return bareList(input, "", undefined, "");
  if (!isRecord(input)) {
    throw new WorkflowFormatError({
      path: "",
      code: "NOT_AN_OBJECT",
      message: `A workflow is a JSON object, but this is ${kindOf(input)}. Give ${FORMATS}.`,
    });
  }
  const many = workflowsIn(input);
  if (many !== null) throw listOfWorkflows(many.pointer, many.list.length);
  let document = input;
  let pointer = "";
  let triggers: unknown = input["triggers"];
  let triggersPointer = "/triggers";
  const unwrap = (key: string, inner: Attributes) => {
    document = inner;
    pointer = `${pointer}/${key}`;
    if (triggers === undefined || triggers === null) {
      triggers = inner["triggers"];
      triggersPointer = `${pointer}/triggers`;
    }
  };
  const wrapped = document["workflow"];
  if (Array.isArray(wrapped)) return bareList(wrapped, "/workflow", triggers, triggersPointer);
  if (isRecord(wrapped)) unwrap("workflow", wrapped);
  const outer = document["workflowData"];
  if (isRecord(outer) && isRecord(outer["workflowData"])) unwrap("workflowData", outer);
  return { ...stepsOf(document, pointer), document, documentPointer: pointer, triggers, triggersPointer };
}

type StepsFound = Pick<Source, "format" | "steps" | "stepsPointer">;

function stepsOf(document: Attributes, pointer: string): StepsFound {
  const data = document["workflowData"];
  if (data !== undefined && data !== null && !isRecord(data)) {
    throw wrongType(`${pointer}/workflowData`, "an object with the list templates", data);
  }
  const inData = recordOf(data)["templates"];
  if (inData !== undefined && inData !== null) return list(inData, "builder", `${pointer}/workflowData/templates`);
  if (document["templates"] !== undefined) return list(document["templates"], "builder", `${pointer}/templates`);
  if (document["nodes"] !== undefined) return list(document["nodes"], "graph", `${pointer}/nodes`);
  if (document["actions"] !== undefined && !isTriggerDocument(document)) {
    return list(document["actions"], "actions", `${pointer}/actions`);
  }
  throw unreadable(document, pointer);
}

function list(value: unknown, format: WorkflowFormat, pointer: string): StepsFound {
  if (!Array.isArray(value)) throw wrongType(pointer, "a list of steps", value);
  return { format, steps: value, stepsPointer: pointer };
}

/** A bare list of steps is one workflow; a list of workflow documents is not. */
function bareList(value: readonly unknown[], pointer: string, triggers: unknown, triggersPointer: string): Source {
  const first = value[0];
  if (value.length === 0) {
    throw new WorkflowFormatError({
      path: pointer,
      code: "UNKNOWN_FORMAT",
      message: `The list is empty: it holds no steps. Give ${FORMATS}.`,
    });
  }
  if (looksLikeDocument(first)) throw listOfWorkflows(pointer, value.length);
  return {
    format: isRecord(first) && isRecord(first["config"]) && !isRecord(first["attributes"]) ? "actions" : "builder",
    document: {},
    documentPointer: pointer,
    steps: value,
    stepsPointer: pointer,
    triggers,
    triggersPointer,
  };
}

function looksLikeDocument(value: unknown): boolean {
  if (!isRecord(value)) return false;
  for (const key of ["workflowData", "templates", "nodes", "workflow", "fileUrl"]) {
    if (value[key] !== undefined && typeof value[key] === "object") return true;
  }
  if (Array.isArray(value["actions"]) && !isTriggerDocument(value)) return true;
  return value["type"] === "workflow" || (value["type"] === undefined && typeof value["status"] === "string");
}

function isTriggerDocument(value: Attributes): boolean {
  return value["belongs_to"] !== undefined || value["masterType"] !== undefined;
}

function listOfWorkflows(path: string, count: number): WorkflowFormatError {
  return new WorkflowFormatError({
    path,
    code: "LIST_OF_WORKFLOWS",
    message: `This is a list of ${count} workflow${count === 1 ? "" : "s"}. Send one workflow, or send the list to POST /api/audit to check the whole location.`,
  });
}

function wrongType(path: string, wanted: string, value: unknown): WorkflowFormatError {
  return new WorkflowFormatError({
    path,
    code: "WRONG_TYPE",
    message: `Here should stand ${wanted}, but it is ${kindOf(value)}.`,
  });
}

/** Says as exactly as possible why no steps were found. */
function unreadable(document: Attributes, pointer: string): WorkflowFormatError {
  if (isTriggerDocument(document)) {
    return new WorkflowFormatError({
      path: pointer,
      code: "UNKNOWN_FORMAT",
      message:
        "This is a trigger, not a workflow. Give the workflow document, with the triggers beside it under triggers.",
    });
  }
  const stored = typeof document["fileUrl"] === "string" || typeof document["filePath"] === "string";
  if (stored || (typeof document["status"] === "string" && document["workflowData"] === undefined)) {
    return new WorkflowFormatError({
      path: pointer,
      code: "STEPS_NOT_INCLUDED",
      message: stored
        ? "This export names the file that holds the steps (fileUrl) but does not hold the steps. Export the workflow with its workflowData.templates."
        : "This document describes a workflow (name, status) but holds no steps. Export it with its workflowData.templates.",
    });
  }
  if (isRecord(document["workflowData"])) {
    return new WorkflowFormatError({
      path: `${pointer}/workflowData/templates`,
      code: "MISSING",
      message: "workflowData holds no list of steps (templates).",
    });
  }
  return new WorkflowFormatError({
    path: pointer,
    code: "UNKNOWN_FORMAT",
    message: `No known workflow format fits this document. Give ${FORMATS}.`,
  });
}
