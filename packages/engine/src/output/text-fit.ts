/** Cutting texts to a width without a font at hand: widths by kinds of letters, as common sans-serif fonts have them. */

const narrow = new Set("iljtfrI.,:;'|!()[]{}` \u2019\u201d\u201c\u00b7");
const wide = new Set("mwMWQOG@%&\u2026\u2014");

/** Width of a character in em. */
function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x1100) return narrow.has(character) ? 0.35 : wide.has(character) ? 0.95 : 1.05;
  if (narrow.has(character)) return 0.34;
  if (wide.has(character)) return 0.9;
  return code >= 0x41 && code <= 0x5a ? 0.68 : 0.58;
}

/** Width of a text in em. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** The text on one line, cut with an ellipsis where it is wider than `most` em. Never cuts a character in two. */
export function clip(text: string, most: number): string {
  const flat = text.replace(/\s+/g, " ").trim();
  const end = fitting(flat, most);
  return end === flat.length ? flat : `${flat.slice(0, fitting(flat, most - 1)).trimEnd()}…`;
}

/** The text on at most `lines` lines of `most` em each, broken at spaces where there are any. */
export function wrap(text: string, most: number, lines: number): readonly string[] {
  const wrapped: string[] = [];
  let rest = text.replace(/\s+/g, " ").trim();
  while (rest !== "" && wrapped.length < lines - 1) {
    const end = fitting(rest, most);
    if (end === rest.length) break;
    const space = rest.lastIndexOf(" ", end);
    const cut = space > end / 3 ? space : end;
    wrapped.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return rest === "" ? wrapped : [...wrapped, clip(rest, most)];
}

/** Length of the longest start of `text` that is at most `most` em wide. */
function fitting(text: string, most: number): number {
  let width = 0;
  let end = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > most) return end;
    end += character.length;
  }
  return end;
}
