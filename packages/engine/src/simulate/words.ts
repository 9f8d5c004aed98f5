/** A name or text inside a sentence of the trace: one line, at most 80 characters. */
export function short(text: string): string {
  const start = text.slice(0, 300);
  const flat = /\s\s|[\t\n\r]/.test(start) ? start.replace(/\s+/g, " ").trim() : start.trim();
  return flat.length <= 80 ? flat : `${flat.slice(0, 79)}…`;
}

/** A text of workflow or contact in an entry's `detail`: enough to know it by, whatever its length. */
export function clipped(text: string): string {
  return text.length <= 500 ? text : `${text.slice(0, 499)}…`;
}

/** The beginning of a sentence. */
export function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
