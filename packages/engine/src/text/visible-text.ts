const entities: ReadonlyMap<string, string> = new Map([
  ["nbsp", " "],
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["#39", "'"],
  ["rsquo", "\u2019"],
  ["lsquo", "\u2018"],
  ["rdquo", "\u201d"],
  ["ldquo", "\u201c"],
  ["ndash", "\u2013"],
  ["mdash", "\u2014"],
  ["hellip", "\u2026"],
  ["copy", "\u00a9"],
  ["reg", "\u00ae"],
  ["euro", "\u20ac"],
  ["auml", "ä"],
  ["ouml", "ö"],
  ["uuml", "ü"],
  ["Auml", "Ä"],
  ["Ouml", "Ö"],
  ["Uuml", "Ü"],
  ["szlig", "ß"],
  ["ntilde", "ñ"],
  ["aacute", "á"],
  ["eacute", "é"],
  ["iacute", "í"],
  ["oacute", "ó"],
  ["uacute", "ú"],
]);

/** Elements whose content nobody sees. */
const hidden = ["style", "script", "head", "title", "template"];

/**
 * Finds the end of what starts with `<`: the place behind a tag, a comment, or an element whose content nobody sees; one further
 * when it is only a sign; -1 when nothing visible follows. Ask for rising places of one text: the searches are shared, so that a
 * text full of "<a" stays linear.
 */
export function markupReader(html: string): (open: number) => number {
  let lastClose = -2;
  return (open) => {
    if (html.startsWith("<!--", open)) {
      const close = html.indexOf("-->", open + 4);
      return close < 0 ? -1 : close + 3;
    }
    if (!startsTag(html.charCodeAt(open + 1))) return open + 1;
    if (lastClose !== -1 && lastClose < open) lastClose = html.indexOf(">", open);
    if (lastClose < 0) return -1;
    const name = hiddenName(html, open + 1);
    return name === null ? lastClose + 1 : closingTag(html, name, lastClose + 1);
  };
}

/** A letter, `/`, `!` or `?`. */
function startsTag(code: number): boolean {
  return code === 0x2f || code === 0x21 || code === 0x3f || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}

function hiddenName(html: string, start: number): string | null {
  for (const name of hidden) {
    // Most tags differ in the first letter, and nothing is cut out for them.
    if ((html.charCodeAt(start) | 0x20) !== name.charCodeAt(0)) continue;
    const end = start + name.length;
    if (html.slice(start, end).toLowerCase() === name && !/[A-Za-z]/.test(html.charAt(end))) return name;
  }
  return null;
}

/**
 * What a reader sees of HTML: text without tags, comments, style and script, entities resolved, blanks collapsed. Not a
 * browser, only close enough for phrases. One pass; text without HTML comes back with its blanks collapsed.
 */
export function visibleText(html: string): string {
  const behind = markupReader(html);
  let out = "";
  let from = 0;
  for (let open = html.indexOf("<"); open >= 0; open = html.indexOf("<", from)) {
    out += html.slice(from, open);
    from = behind(open);
    if (from < 0) return tidy(out);
    out += from === open + 1 ? "<" : html.startsWith("<!--", open) ? "" : " ";
  }
  return tidy(out + html.slice(from));
}

/** Behind `</name>`, or -1. A missing one ends the visible text, so it is searched for only once. */
function closingTag(html: string, name: string, from: number): number {
  for (let at = html.indexOf("</", from); at >= 0; at = html.indexOf("</", at + 2)) {
    if (html.slice(at + 2, at + 2 + name.length).toLowerCase() !== name) continue;
    const close = html.indexOf(">", at);
    return close < 0 ? -1 : close + 1;
  }
  return -1;
}

function tidy(text: string): string {
  const resolved = text.includes("&")
    ? text.replace(
        /&([A-Za-z]{2,8}|#\d{1,6});/g,
        (whole, name: string) => entities.get(name) ?? numbered(name) ?? whole,
      )
    : text;
  return resolved.replace(/[\s\u00a0]+/g, " ").trim();
}

function numbered(name: string): string | undefined {
  if (!name.startsWith("#")) return undefined;
  const code = Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
