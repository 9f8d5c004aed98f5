import { bareMergeFields, type MergeFieldRoot, mergeFieldRoots, stepOutputOwners } from "../domain/merge-fields.ts";
import { nearestMatch } from "./nearest-match.ts";

/** What the engine knows about the path of a merge field (`contact.first_name`). */
export type MergeFieldMeaning =
  | { readonly kind: "known"; readonly root: string; readonly rootFacts: MergeFieldRoot | null }
  /** Fits a group to which the location adds its own fields, or whose list is not complete. */
  | { readonly kind: "unlisted"; readonly root: string; readonly rootFacts: MergeFieldRoot }
  /** `chatgpt.1.response`: `number` is the producing step's `stepIndex`, null when the token carries none. */
  | { readonly kind: "step-output"; readonly root: string; readonly stepType: string; readonly number: number | null }
  /** The group's list is complete and does not hold the field. */
  | { readonly kind: "unknown-field"; readonly root: string; readonly rootFacts: MergeFieldRoot }
  | { readonly kind: "unknown-root"; readonly root: string };

interface RootFields {
  /** As the catalogue writes them. */
  readonly names: readonly string[];
  /** The same without case and underscores. */
  readonly plain: ReadonlySet<string>;
}

const fieldsOfRoot = new Map<string, RootFields>();
const rootNames = [...Object.keys(mergeFieldRoots), ...stepOutputOwners.keys()];

/** `contact.firstName`, `contact.FirstName` and `contact.firstname` all work: spelling is compared without case and "_". */
function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function fieldsOf(root: string, facts: MergeFieldRoot): RootFields {
  let fields = fieldsOfRoot.get(root);
  if (fields === undefined) {
    const names = facts.fields === "" ? [] : facts.fields.split(" ");
    fields = { names, plain: new Set(names.map(plain)) };
    fieldsOfRoot.set(root, fields);
  }
  return fields;
}

const cache = new Map<string, MergeFieldMeaning>();
const CACHED_PATHS = 500;

/** Looks a path up. Paths are compared with the published catalogue; the location's own fields are not known here. */
export function meaningOf(path: string): MergeFieldMeaning {
  const cached = cache.get(path);
  if (cached !== undefined) return cached;
  const meaning = lookUp(path);
  // A pure cache of a pure function; bounded, so that one document full of made-up paths cannot fill the memory.
  if (cache.size < CACHED_PATHS && path.length < 100) cache.set(path, meaning);
  return meaning;
}

function lookUp(path: string): MergeFieldMeaning {
  const dot = path.indexOf(".");
  const root = (dot < 0 ? path : path.slice(0, dot)).toLowerCase();
  if (dot < 0) {
    return bareMergeFields.has(root) ? { kind: "known", root, rootFacts: null } : { kind: "unknown-root", root };
  }
  const rest = path.slice(dot + 1);
  const stepType = stepOutputOwners.get(root);
  if (stepType !== undefined) {
    const number = /^\d{1,6}(?=\.|$)/.exec(rest);
    return { kind: "step-output", root, stepType, number: number === null ? null : Number(number[0]) };
  }
  const rootFacts = Object.hasOwn(mergeFieldRoots, root) ? mergeFieldRoots[root] : undefined;
  if (rootFacts === undefined)
    return root === "this" ? { kind: "known", root, rootFacts: null } : { kind: "unknown-root", root };
  // Attribution holds whatever parameters an advertisement had; `this` stands for an item of a list.
  if (fieldsOf(root, rootFacts).plain.has(plain(rest)) || /^(?:last)?attributionsource\./i.test(rest))
    return { kind: "known", root, rootFacts };
  return rootFacts.list === "closed"
    ? { kind: "unknown-field", root, rootFacts }
    : { kind: "unlisted", root, rootFacts };
}

/** A valid merge field near a misspelt one; `distance` in letters. */
export interface MergeFieldSuggestion {
  readonly path: string;
  readonly distance: number;
}

/**
 * The nearest valid path, within 2 letters of the group's name or of the field's. `own` holds the location's own fields
 * of that group (`contact.` fields, custom values), when known.
 */
export function suggestPath(path: string, own: readonly string[] = []): MergeFieldSuggestion | null {
  const dot = path.indexOf(".");
  if (dot < 0) {
    const bare = nearestMatch(path.toLowerCase(), bareMergeFields, limitFor(path));
    return bare === null ? null : { path: bare.match, distance: bare.distance };
  }
  const written = path.slice(0, dot).toLowerCase();
  const rest = path.slice(dot + 1);
  const known = Object.hasOwn(mergeFieldRoots, written) || stepOutputOwners.has(written);
  const near = known ? { match: written, distance: 0 } : nearestMatch(written, rootNames, limitFor(written));
  if (near === null) return null;
  const facts = mergeFieldRoots[near.match];
  if (facts === undefined) return known ? null : { path: `${near.match}.${rest}`, distance: near.distance };
  const { names } = fieldsOf(near.match, facts);
  const fields = own.length === 0 ? names : [...names, ...own];
  const exact = fields.find((field) => plain(field) === plain(rest));
  const field =
    exact === undefined ? nearestMatch(rest.toLowerCase(), fields, limitFor(rest)) : { match: exact, distance: 0 };
  if (field !== null)
    return near.distance + field.distance === 0
      ? null
      : { path: `${near.match}.${field.match}`, distance: near.distance + field.distance };
  if (known || facts.list === "closed") return null;
  return { path: `${near.match}.${rest}`, distance: near.distance };
}

/** Short words differ by accident: `city` and `cite` are near, `id` and `ip` are not. */
function limitFor(word: string): number {
  if (word.length < 4) return 0;
  return word.length < 7 ? 1 : 2;
}

/** Can this path be written as it is, as far as the catalogue knows? Used to offer a rewritten token. */
export function isCataloguePath(path: string): boolean {
  const meaning = meaningOf(path);
  return meaning.kind === "known" || meaning.kind === "step-output" || meaning.root === "custom_values";
}
