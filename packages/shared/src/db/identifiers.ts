const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for the textual form of a UUID. An id that is none is never sent to the database: it cannot name a row. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/**
 * What a `text` column can hold of a text from outside: well-formed Unicode without NUL, at most `maxLength` UTF-16
 * units. Everything that is stored as text or compared with stored text goes through here.
 */
export function storableText(value: string, maxLength = 500): string {
  return value.slice(0, maxLength).toWellFormed().replaceAll("\0", "\u{FFFD}");
}
