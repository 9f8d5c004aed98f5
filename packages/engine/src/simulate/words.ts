/** A name or text inside a sentence of the trace: one line, at most 80 characters. */
export function short(text: string): string {
  const start = text.slice(0, 300);
  const flat = /\s\s|[\t\n\r]/.test(start) ? start.replace(/\s+/g, " ").trim() : start.trim();
  return flat.length <= 80 ? flat : `${flat.slice(0, 79)}…`;
}

/** The beginning of a sentence. */
export function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
