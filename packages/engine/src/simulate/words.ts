/** A name or text inside a sentence of the trace: one line, at most 80 characters. */
export function short(text: string): string {
  const flat = text.slice(0, 300).replace(/\s+/g, " ").trim();
  return flat.length <= 80 ? flat : `${flat.slice(0, 79)}…`;
}

/** The beginning of a sentence. */
export function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
