import { checkFacts } from "../location/check-facts.ts";
import type { LocationFacts } from "../options.ts";
import type { ShapeProblem } from "../shape.ts";
import { UsageError } from "./arguments.ts";

/** What the command line needs of the world, so that it runs in a test as it runs in a shell. */
export interface World {
  /** Bytes of a file, or of standard input for "-". Throws when it cannot be read. */
  readonly read: (path: string) => Uint8Array;
  readonly write: (path: string, text: string) => void;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** ISO date. */
  readonly today: string;
  readonly colour: boolean;
}

export function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

export function readBytes(world: World, file: string): Uint8Array {
  try {
    return world.read(file);
  } catch (error) {
    throw new UsageError(`${nameOf(file)} cannot be read: ${reason(error)}.`);
  }
}

export function readJson(world: World, file: string): unknown {
  const bytes = readBytes(world, file);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${nameOf(file)} cannot be read: it is not UTF-8 text.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${nameOf(file)} is not JSON: ${reason(error)}.`);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && error.code === "ENOENT" ? "there is no such file" : error.message;
}

export function readObject(world: World, file: string, what: string): Readonly<Record<string, unknown>> {
  const value = readJson(world, file);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(`${nameOf(file)} must hold a JSON object of ${what}.`);
  }
  return { ...value };
}

export function readFacts(world: World, file: string): LocationFacts {
  const value = readObject(world, file, "facts");
  refuse(file, "", checkFacts(value));
  return value;
}

export function refuse(file: string, inside: string, problems: readonly ShapeProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `${nameOf(file)} at ${inside}${path}: ${message}`);
  throw new UsageError(lines.join("\n"));
}

export function writeOutput(world: World, path: string, text: string): void {
  try {
    world.write(path, text);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${reason(error)}.`);
  }
}
