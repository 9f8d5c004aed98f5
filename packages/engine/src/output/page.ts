import type { Upgrade } from "../report/gate.ts";
import { type Brand, brandStyle, showable } from "./brand.ts";
import { symbols } from "./icons.ts";
import { escapeMarkup, safeLink } from "./markup.ts";
import { pageStyle } from "./page-style.ts";

export interface PageOptions {
  /** Whose name, logo and colour the page carries. */
  readonly brand?: Brand;
  /** ISO date of the analysis. */
  readonly date?: string;
}

export interface Page {
  /** Plain text. */
  readonly title: string;
  /** Markup between the brand bar and the footer. */
  readonly main: string;
  /** Markup. */
  readonly footer: string;
  readonly options: PageOptions;
  /** What the page is; default: a health report. */
  readonly kind?: string;
  /** Style beyond the page's own. */
  readonly style?: string;
}

/** One page that needs nothing from outside and runs no script. */
export function htmlPage({ title, main, footer, options, kind = "Workflow health report", style = "" }: Page): string {
  const brand = showable(options.brand ?? {});
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>${escapeMarkup(title)}</title>
<style>${pageStyle}${brandStyle(brand)}${style}</style></head>
<body><svg class="symbols" aria-hidden="true"><defs>${symbols}</defs></svg>
${brandBar(brand, kind, options.date)}<main>${main}</main><footer>${footer}</footer></body></html>
`;
}

function brandBar({ name, logo }: Brand, kind: string, date: string | undefined): string {
  const picture = logo === undefined ? "" : `<img src="${logo}" alt="${escapeMarkup(name ?? "Logo")}">`;
  const words = name === undefined || logo !== undefined ? "" : `<span class="brand">${escapeMarkup(name)}</span>`;
  return `<header class="top">${picture}${words}<span class="kind">${kind}</span>${day(date)}</header>`;
}

/** A date in words; nothing for what is none. */
function day(date: string | undefined): string {
  const iso = /^\d{4}-\d{2}-\d{2}/.exec(date ?? "")?.[0];
  if (iso === undefined || Number.isNaN(Date.parse(iso))) return "";
  const words = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));
  return `<time datetime="${iso}">${words}</time>`;
}

/** What the plan hides, and where to upgrade. */
export function upgradeBox(upgrade: Upgrade | undefined): string {
  if (upgrade === undefined) return "";
  const link = safeLink(upgrade.checkoutUrl);
  const action = link === undefined ? "" : `<a href="${link}" rel="noopener noreferrer">Upgrade</a>`;
  return `<aside class="upgrade" aria-label="Upgrade"><p>${escapeMarkup(upgrade.message)}</p>${action}</aside>`;
}
