/**
 * A drawing with only what it shows: one page has a hundred of them, and each would bring the icons and colours of every kind of step.
 * It looks the same; what nothing refers to is left out, and the dark colours repeat no rule of the light ones.
 */
export function slim(svg: string): string {
  const used = new Set([...svg.matchAll(/(?:href="#|url\(#)([\w-]+)/g)].map(([, id]) => id));
  const defined = svg.replace(
    /<symbol id="([\w-]+)".*?<\/symbol>|<path id="(shape-[\w-]+)"[^>]*\/>/gs,
    (whole, symbol: string | undefined, shape: string | undefined) => (used.has(symbol ?? shape) ? whole : ""),
  );
  const classes = new Set([...defined.matchAll(/class="([^"]*)"/g)].flatMap(([, names = ""]) => names.split(" ")));
  return defined.replace(/<style>(.*?)<\/style>/s, (_, css: string) => `<style>${slimStyle(css, classes)}</style>`);
}

const DARK = "@media(prefers-color-scheme:dark){";

function slimStyle(css: string, classes: ReadonlySet<string>): string {
  const at = css.indexOf(DARK);
  const light = rulesIn(at < 0 ? css : css.slice(0, at), classes);
  if (at < 0) return light.join("\n");
  const end = css.lastIndexOf("}");
  const dark = rulesIn(css.slice(at + DARK.length, end), classes).filter((rule) => !light.includes(rule));
  return `${light.join("\n")}\n${DARK}${dark.join("\n")}}`;
}

/** The rules that concern a class of the drawing. */
function rulesIn(css: string, classes: ReadonlySet<string>): readonly string[] {
  return [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors = "", body = ""]) => {
    const kept = selectors
      .trim()
      .split(",")
      .filter((selector) => [...selector.matchAll(/\.([\w-]+)/g)].every(([, name = ""]) => classes.has(name)));
    return kept.length === 0 ? [] : [`${kept.join(",")}{${body}}`];
  });
}
