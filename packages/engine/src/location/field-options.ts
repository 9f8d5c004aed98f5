import type { CustomFieldFact } from "./location.ts";

/** One of a fixed set of values: what people see, and the id that HighLevel stores; null where the facts do not say. */
export interface FieldOption {
  readonly label: string;
  readonly id: string | null;
}

/** The options of a custom field; none where it has none, or where they were not given. */
export function fieldOptions({ options = [], optionIds = [] }: CustomFieldFact): readonly FieldOption[] {
  return options.map((label, at) => ({ label, id: optionIds[at] ?? null }));
}

/**
 * How a value names one of the options. `stored`: as HighLevel stores it, or as it may. `label`: by its name although ids are
 * stored; `meant` is the id, null when several options bear the name. `none`: it names none of them.
 */
export type Naming =
  | { readonly kind: "stored" }
  | { readonly kind: "label"; readonly meant: string | null }
  | { readonly kind: "none" };

const STORED: Naming = { kind: "stored" };
const NONE: Naming = { kind: "none" };

export function namingOf(value: string, options: readonly FieldOption[]): Naming {
  const asked = plain(value);
  const named: FieldOption[] = [];
  for (const option of options) {
    if (option.id !== null && plain(option.id) === asked) return STORED;
    if (plain(option.label) === asked) named.push(option);
  }
  const [first] = named;
  if (first === undefined) return mayBeKey(asked, options) ? STORED : NONE;
  if (named.some(({ id }) => id === null)) return STORED;
  return { kind: "label", meant: named.length === 1 ? first.id : null };
}

/** HighLevel makes an option's key from its label: `new_lead` may stand for "New Lead" as long as only the label is known. */
function mayBeKey(asked: string, options: readonly FieldOption[]): boolean {
  if (!/^[\p{L}\p{N}_-]+$/u.test(asked)) return false;
  const key = keyOf(asked);
  return options.some(({ label, id }) => id === null && keyOf(plain(label)) === key);
}

function keyOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, "_");
}

function plain(value: string): string {
  return value.trim().toLowerCase();
}
