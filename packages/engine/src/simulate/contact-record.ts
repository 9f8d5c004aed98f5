/** The contact of a dry run: what is known of it, kept under the keys by which conditions and merge fields ask. */
import type { FieldReader } from "../conditions/fields.ts";
import type {
  AppointmentState,
  ContactState,
  FieldValue,
  FinalContact,
  InvoiceState,
  OpportunityState,
} from "./types.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** A deal of the contact; its id is made up when the caller gives none. */
export type Opportunity = Mutable<OpportunityState> & { readonly id: string };
export type Appointment = Mutable<AppointmentState> & { readonly id: string };
export type Invoice = Mutable<InvoiceState> & { readonly id: string };

interface Stored {
  /** As the caller or the step calls it. */
  readonly name: string;
  readonly value: FieldValue;
}

export interface ContactRecord {
  readonly tags: Set<string>;
  /** Channels; "all" stands for every one. */
  readonly dnd: Set<string>;
  readonly opportunities: Opportunity[];
  readonly appointments: Appointment[];
  readonly invoices: Invoice[];
  deleted: boolean;
  /** undefined: nobody ever said. */
  readonly get: (key: string) => FieldValue | undefined;
  /** Writes a field by any of its names; answers its key and whether the value is another one than before. */
  readonly set: (name: string, value: FieldValue) => { readonly key: string; readonly changed: boolean };
  readonly final: () => FinalContact;
}

const standard = [
  "id",
  "firstName",
  "lastName",
  "name",
  "email",
  "phone",
  "companyName",
  "address1",
  "city",
  "state",
  "country",
  "postalCode",
  "website",
  "source",
  "type",
  "dateOfBirth",
  "timezone",
  "assignedTo",
  "engagementScore",
] as const satisfies readonly (keyof ContactState)[];

/** HighLevel keeps tags in lower case. */
export function plainTag(tag: string): string {
  return tag.trim().toLowerCase();
}

/** Other names of one thing. */
const sameField: ReadonlyMap<string, string> = new Map([
  ["contact.fullname", "contact.name"],
  ["contact.company", "contact.companyname"],
  ["contact.address", "contact.address1"],
  ["contact.birthday", "contact.dateofbirth"],
  ["contact.owner", "contact.assignedto"],
  ["contact.assigneduser", "contact.assignedto"],
  ["contact.phoneraw", "contact.phone"],
  ["contact.contacttype", "contact.type"],
]);

export function createContact(given: ContactState, fields: FieldReader): ContactRecord {
  const stored = new Map<string, Stored>();
  const keyOf = (name: string) => {
    const { key } = fields.ofPath(
      /^(?:contact|custom_field|customField|custom)\./.test(name) ? name : `contact.${name}`,
    );
    return sameField.get(key) ?? key;
  };
  const set: ContactRecord["set"] = (name, value) => {
    const key = keyOf(name);
    const before = stored.get(key);
    const changed = !isSame(before?.value ?? null, value);
    stored.set(key, { name: before?.name ?? name, value });
    return { key, changed };
  };
  const get: ContactRecord["get"] = (asked) => {
    const key = sameField.get(asked) ?? asked;
    const own = stored.get(key)?.value;
    if (own !== undefined) return own;
    if (key === "contact.name") return joined(text("contact.firstname"), text("contact.lastname"));
    const [first, ...rest] = text("contact.name").split(" ");
    if (key === "contact.firstname") return first === "" ? undefined : first;
    if (key === "contact.lastname") return rest.length === 0 ? undefined : rest.join(" ");
    return undefined;
  };
  const text = (key: string) => String(stored.get(key)?.value ?? "");
  for (const name of standard) {
    const value = given[name];
    if (value !== undefined) set(name, value);
  }
  for (const [name, value] of Object.entries(given.fields ?? {})) set(name, value);
  const record: ContactRecord = {
    tags: new Set((given.tags ?? []).map(plainTag).filter((tag) => tag !== "")),
    dnd: new Set(given.dnd === true ? ["all"] : given.dnd === false || given.dnd === undefined ? [] : given.dnd),
    opportunities: (given.opportunities ?? []).map((deal, at) => ({ ...deal, id: deal.id ?? `opportunity-${at + 1}` })),
    appointments: (given.appointments ?? []).map((one, at) => ({ ...one, id: one.id ?? `appointment-${at + 1}` })),
    invoices: (given.invoices ?? []).map((one, at) => ({ ...one, id: one.id ?? `invoice-${at + 1}` })),
    deleted: false,
    get,
    set,
    final: () => ({
      fields: Object.fromEntries([...stored.values()].map(({ name, value }) => [name, value])),
      tags: [...record.tags],
      dnd: [...record.dnd],
      opportunities: record.opportunities,
      appointments: record.appointments,
      deleted: record.deleted,
    }),
  };
  return record;
}

function joined(first: string, last: string): string | undefined {
  const name = `${first} ${last}`.trim();
  return name === "" ? undefined : name;
}

function isSame(a: FieldValue, b: FieldValue): boolean {
  return JSON.stringify(a ?? "") === JSON.stringify(b ?? "");
}

/** A value as the texts that conditions compare; nothing for a blank one. */
export function valuesOf(value: FieldValue | undefined): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) ? value.filter((item) => item !== "") : [String(value)];
}
