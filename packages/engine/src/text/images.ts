/** Pictures of an email. */
export interface Images {
  readonly count: number;
  /** Without a text that stands in when the picture is not shown. Pixels that only count openings are left out. */
  readonly withoutText: number;
}

const NONE: Images = { count: 0, withoutText: 0 };

/** A tag with its address in it is longer than most, but ends. */
const LONGEST_TAG = 4_000;

/** Counts the `<img>` of an HTML text. One pass. */
export function imagesOf(html: string): Images {
  let at = html.indexOf("<img");
  if (at < 0) return NONE;
  let count = 0;
  let withoutText = 0;
  for (; at >= 0; at = html.indexOf("<img", at + 4)) {
    const close = html.slice(at, at + LONGEST_TAG).indexOf(">");
    if (close < 0) continue;
    const tag = html.slice(at, at + close);
    if (isPixel(tag)) continue;
    count++;
    // An empty alternative text says that the picture is only decoration.
    if (!/\balt\s?=/i.test(tag)) withoutText++;
  }
  return { count, withoutText };
}

function isPixel(tag: string): boolean {
  return /\b(?:width|height)\s?=\s?["']?1(?:px)?["'\s/>]/i.test(`${tag}>`) || /(?:width|height):\s?[01]px/i.test(tag);
}
