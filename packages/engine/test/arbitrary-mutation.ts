import fc from "fast-check";

/** Values that have no business in a workflow, and some that nearly have. */
const hostileValues: readonly unknown[] = [
  null,
  "",
  " ",
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [[]],
  [null],
  "{{",
  "{{contact.first_name",
  "__proto__",
  "constructor",
  "\u0000\ud800",
  "http://[::1",
  "{{contact.first_name}} Reply STOP ".repeat(3_000),
  JSON.parse('{"__proto__": {"type": "sms", "id": "polluted"}}'),
  { toString: "no", length: 1e9 },
];

/** Arbitrary copies of one of the documents with a few places deleted, replaced by something hostile, moved or doubled. */
export function mutated(documents: readonly unknown[]): fc.Arbitrary<unknown> {
  const mutation = fc.record({
    place: fc.nat(),
    other: fc.nat(),
    kind: fc.constantFrom("delete", "replace", "copy", "double", "rename"),
    value: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...hostileValues) },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
  });
  return fc
    .tuple(fc.constantFrom(...documents), fc.array(mutation, { maxLength: 6 }))
    .map(([document, mutations]) => mutations.reduce<unknown>(mutate, structuredClone(document)));
}

type Container = Record<string, unknown> | unknown[];

interface Mutation {
  readonly place: number;
  readonly other: number;
  readonly kind: "delete" | "replace" | "copy" | "double" | "rename";
  readonly value: unknown;
}

function mutate(document: unknown, { place, other, kind, value }: Mutation): unknown {
  const places = placesIn(document);
  const chosen = places[place % Math.max(1, places.length)];
  const source = places[other % Math.max(1, places.length)];
  if (chosen === undefined || source === undefined) return kind === "replace" ? structuredClone(value) : document;
  const { container, key } = chosen;
  const current = read(container, key);
  switch (kind) {
    case "delete":
      remove(container, key);
      break;
    case "replace":
      write(container, key, structuredClone(value));
      break;
    case "copy":
      write(container, key, structuredClone(read(source.container, source.key)));
      break;
    case "double":
      if (Array.isArray(container)) container.push(structuredClone(current));
      break;
    case "rename":
      if (!Array.isArray(container)) {
        remove(container, key);
        write(container, typeof value === "string" ? value : "renamed", current);
      }
      break;
  }
  return document;
}

function placesIn(document: unknown): { readonly container: Container; readonly key: string }[] {
  const places: { container: Container; key: string }[] = [];
  const open: unknown[] = [document];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    const container = value as Container;
    for (const key of Object.keys(container)) {
      places.push({ container, key });
      const inner = read(container, key);
      if (typeof inner === "object" && inner !== null) open.push(inner);
    }
  }
  return places;
}

function read(container: Container, key: string): unknown {
  return Reflect.get(container, key);
}

/** Also sets a key named `__proto__` as a plain key, as `JSON.parse` would. */
function write(container: Container, key: string, value: unknown): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}

function remove(container: Container, key: string): void {
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else Reflect.deleteProperty(container, key);
}
