/** White label: whose report this is. */
export interface Brand {
  /** Shown at the top of the page; at most 80 characters. */
  readonly name?: string;
  /** `data:image/png;base64,…`, also jpeg, gif, webp and svg+xml; at most 100,000 characters. */
  readonly logo?: string;
  /** `#rrggbb`. It decorates; text never depends on it. */
  readonly colour?: string;
}

/** Something in a brand that cannot be meant. `path` is a JSON Pointer into the brand. */
export interface BrandProblem {
  readonly path: string;
  readonly code: "UNKNOWN_SETTING" | "WRONG_TYPE" | "WRONG_FORM";
  readonly message: string;
}

const MOST_NAME = 80;
const MOST_LOGO = 100_000;

/** Base64 of the first bytes of each kind of picture; SVG is text and has none. */
const signatures: Readonly<Record<string, RegExp>> = {
  png: /^iVBORw0KGgo/,
  jpeg: /^\/9j\//,
  gif: /^R0lGOD[dl]h/,
  webp: /^UklGR[A-Za-z0-9+/]{6}XRUJQ/,
  "svg+xml": /^/,
};

/** What is wrong with a brand from outside; empty when it can be shown. */
export function checkBrand(value: unknown): readonly BrandProblem[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [{ path: "", code: "WRONG_TYPE", message: "A brand is an object with name, logo and colour." }];
  }
  const problems: BrandProblem[] = [];
  for (const [key, given] of Object.entries(value)) {
    const check = Object.hasOwn(checks, key) ? checks[key as keyof Brand] : undefined;
    const path = `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (check === undefined) {
      problems.push({ path, code: "UNKNOWN_SETTING", message: "A brand has name, logo and colour." });
    } else if (typeof given !== "string") {
      problems.push({ path, code: "WRONG_TYPE", message: `${check.is}.` });
    } else if (!check.fits(given)) {
      problems.push({ path, code: "WRONG_FORM", message: `${check.is}.` });
    }
  }
  return problems;
}

interface Check {
  readonly is: string;
  readonly fits: (text: string) => boolean;
}

const checks: Readonly<Record<keyof Brand, Check>> = {
  name: {
    is: `A name is 1 to ${MOST_NAME} characters without line breaks`,
    fits: (text) => text.trim() !== "" && text.length <= MOST_NAME && !/\p{Cc}/u.test(text),
  },
  logo: {
    is: `A logo is a data:image/…;base64 address of a PNG, JPEG, GIF, WebP or SVG picture, at most ${MOST_LOGO} characters`,
    fits: isPicture,
  },
  colour: { is: "A colour is written #rrggbb", fits: (text) => /^#[0-9a-f]{6}$/i.test(text) },
};

function isPicture(text: string): boolean {
  if (text.length > MOST_LOGO) return false;
  const [, type = "", bytes = ""] = /^data:image\/([a-z+]{3,7});base64,([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  return Object.hasOwn(signatures, type) && signatures[type]?.test(bytes) === true;
}

/** The brand without what cannot be shown. */
export function showable(brand: Brand): Brand {
  const wrong = new Set(checkBrand(brand).map(({ path }) => path.slice(1)));
  return Object.fromEntries(Object.entries(brand).filter(([key]) => !wrong.has(key)));
}

/** Custom properties of the brand's colour, and of the text that is readable on it. */
export function brandStyle({ colour }: Brand): string {
  return colour === undefined ? "" : `:root{--brand:${colour};--on-brand:${readableOn(colour)}}`;
}

/** Black or white: the better of the two has a contrast of at least 4.58 : 1 on any colour. */
function readableOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}
