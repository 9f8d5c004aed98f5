/** What every written representation needs: text made harmless. */

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
