import { escapePointer } from "./model/pointer.ts";

/** Something that a caller gave and that cannot be meant; `path` is a JSON Pointer into what was given. */
export interface ShapeProblem {
  readonly path: string;
  readonly message: string;
}

/** What data from a caller must look like, as data: facts, policy, a contact, a script of events. */
export type Shape =
  | "text"
  | "number"
  | "flag"
  | { readonly list: Shape }
  | { readonly byName: Shape }
  | KeyedShape
  | { readonly orNull: Shape }
  /** Anything else that a value can be asked, and how the answer reads: `must: "be an instant"`. */
  | { readonly holds: (value: unknown) => boolean; readonly must: string };

interface KeyedShape {
  readonly keys?: Readonly<Record<string, Shape>>;
  readonly optional?: Readonly<Record<string, Shape>>;
  /** Other keys are a slip of the pen; else they are passed over, since lists are often copied with all their columns. */
  readonly strict?: boolean;
}

/** Enough to mend a file by; a file of a wrong kind has as many as it has entries. */
const MOST_PROBLEMS = 20;

/** Problems of something given by a caller, at most 20, each with a JSON Pointer into it; none: it has the shape. */
export function checkShape(shape: Shape, given: unknown): readonly ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  visit(shape, given, "", problems);
  return problems.slice(0, MOST_PROBLEMS);
}

function visit(shape: Shape, value: unknown, path: string, problems: ShapeProblem[]): void {
  if (problems.length >= MOST_PROBLEMS) return;
  const fail = (message: string) => problems.push({ path, message });
  if (shape === "text") {
    if (typeof value !== "string") fail("must be a text");
  } else if (shape === "number") {
    if (typeof value !== "number" || !Number.isFinite(value)) fail("must be a number");
  } else if (shape === "flag") {
    if (typeof value !== "boolean") fail("must be true or false");
  } else if ("holds" in shape) {
    if (!shape.holds(value)) fail(`must ${shape.must}`);
  } else if ("orNull" in shape) {
    if (value !== null) visit(shape.orNull, value, path, problems);
  } else if ("list" in shape) {
    if (!Array.isArray(value)) fail("must be a list");
    else
      value.forEach((item, at) => {
        visit(shape.list, item, `${path}/${at}`, problems);
      });
  } else if (typeof value !== "object" || value === null || Array.isArray(value)) fail("must be an object");
  else if ("byName" in shape)
    for (const [name, item] of Object.entries(value))
      visit(shape.byName, item, `${path}/${escapePointer(name)}`, problems);
  else visitKeys(shape, value, path, problems);
}

function visitKeys(
  { keys = {}, optional = {}, strict = false }: KeyedShape,
  value: object,
  path: string,
  problems: ShapeProblem[],
): void {
  const given = new Map<string, unknown>(Object.entries(value));
  for (const [key, shape] of Object.entries(keys)) visit(shape, given.get(key), `${path}/${key}`, problems);
  for (const [key, shape] of Object.entries(optional))
    if (given.has(key)) visit(shape, given.get(key), `${path}/${key}`, problems);
  if (!strict) return;
  for (const key of given.keys())
    if (!Object.hasOwn(keys, key) && !Object.hasOwn(optional, key))
      problems.push({ path: `${path}/${escapePointer(key)}`, message: "is not known here" });
}
