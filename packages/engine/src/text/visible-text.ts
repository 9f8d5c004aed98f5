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
 * What a reader sees of HTML: text without tags, comments, style and script, entities resolved, blanks collapsed. Not a
 * browser, only close enough for phrases. One pass; text without HTML comes back with its blanks collapsed.
 */
export function visibleText(html: string): string {
  let out = "";
  let from = 0;
  let lastClose = -2;
  while (from < html.length) {
    const open = html.indexOf("<", from);
    if (open < 0) break;
    out += html.slice(from, open);
    if (html.startsWith("<!--", open)) {
      const close = html.indexOf("-->", open + 4);
      if (close < 0) return tidy(out);
      from = close + 3;
      continue;
    }
    if (!/[A-Za-z/!?]/.test(html.charAt(open + 1))) {
      out += "<";
      from = open + 1;
      continue;
    }
    // The search for ">" is shared by the "<" before it, so that a text full of "<a" stays linear.
    if (lastClose !== -1 && lastClose < open) lastClose = html.indexOf(">", open);
    if (lastClose < 0) return tidy(out);
    const name = /^<([A-Za-z]{1,12})/.exec(html.slice(open, open + 14))?.[1]?.toLowerCase();
    out += " ";
    from = lastClose + 1;
    if (name !== undefined && hidden.includes(name)) {
      const end = closingTag(html, name, from);
      if (end < 0) return tidy(out);
      from = end;
    }
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
