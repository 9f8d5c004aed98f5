/** Why a document cannot be read as a workflow. */
export type FormatProblemCode =
  /** The document is a text, a number, null, … */
  | "NOT_AN_OBJECT"
  /** Nothing in it looks like one of the accepted formats. */
  | "UNKNOWN_FORMAT"
  /** Several workflows; one is wanted. */
  | "LIST_OF_WORKFLOWS"
  /** HighLevel keeps the steps in a file; this export names the file but does not hold it. */
  | "STEPS_NOT_INCLUDED"
  | "WRONG_TYPE"
  | "MISSING";

export interface FormatProblem {
  /** JSON Pointer into the given document. */
  readonly path: string;
  readonly code: FormatProblemCode;
  readonly message: string;
}

/** The only error that `parseWorkflow` and `analyze` throw. `details` holds at least one problem; the first stands in front. */
export class WorkflowFormatError extends Error {
  override readonly name = "WorkflowFormatError";
  readonly code: FormatProblemCode;
  /** JSON Pointer of the first problem. */
  readonly path: string;
  readonly details: readonly FormatProblem[];

  constructor(first: FormatProblem, more: readonly FormatProblem[] = []) {
    super(first.message);
    this.code = first.code;
    this.path = first.path;
    this.details = [first, ...more];
  }
}

const MOST_PROBLEMS = 20;

/** Collects problems so that one answer names them all, up to 20. */
export interface Problems {
  readonly add: (path: string, code: FormatProblemCode, message: string) => void;
  /** Throws when anything was added. */
  readonly throwIfAny: () => void;
}

export function collectProblems(): Problems {
  const found: FormatProblem[] = [];
  return {
    add(path, code, message) {
      if (found.length < MOST_PROBLEMS) found.push({ path, code, message });
    },
    throwIfAny() {
      const [first, ...more] = found;
      if (first !== undefined) throw new WorkflowFormatError(first, more);
    },
  };
}

/** What a value is, in words for a message. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}
