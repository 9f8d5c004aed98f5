/** What every written representation needs: text made harmless, and figures in the reader's words. */

/** Characters that XML forbids, or that reorder the text around them; shown as a replacement character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text without the characters that no written form may carry. */
export function writable(text: string): string {
  return text.toWellFormed().replace(unwritable, "\ufffd");
}

/** Text for an element or a quoted attribute of HTML or SVG. */
export function escapeMarkup(text: string): string {
  return writable(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** An address that may stand in a link: http or https only, else undefined. */
export function safeLink(address: string): string | undefined {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) ? escapeMarkup(address) : undefined;
}

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A time span in words, its two largest units: 90 → "1 minute 30 seconds", 0 → "at once". */
export function inWords(seconds: number): string {
  const words: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  if (rest === 0) return "at once";
  for (const [name, length] of units) {
    const count = Math.floor(rest / length);
    if (count > 0) words.push(`${count} ${name}${count === 1 ? "" : "s"}`);
    else if (words.length > 0) break;
    rest -= count * length;
    if (words.length === 2) break;
  }
  return words.join(" ");
}

/** The same for a narrow place: 90 → "1 min 30 s". */
export function inShort(seconds: number): string {
  return inWords(seconds)
    .replace(/ days?/g, " d")
    .replace(/ hours?/g, " h")
    .replace(/ minutes?/g, " min")
    .replace(/ seconds?/g, " s");
}

/** "1 issue", "2 issues". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
