import type { Upgrade } from "../report/gate.ts";
import { escapeMarkup, safeLink } from "./markup.ts";
import { pageStyle } from "./style.ts";

/** White label: whose report this is. */
export interface Brand {
  readonly name?: string;
  /** `data:image/…;base64,…`; anything else is left out. */
  readonly logo?: string;
  /** `#rrggbb`; anything else is left out. */
  readonly colour?: string;
}

export interface Page {
  /** Plain text. */
  readonly title: string;
  /** Markup between the brand bar and the footer. */
  readonly main: string;
  /** Markup. */
  readonly footer: string;
  readonly brand: Brand;
  /** Style beyond the page's own. */
  readonly style?: string;
}

/** One page that needs nothing from outside and runs no script. */
export function htmlPage({ title, main, footer, brand, style = "" }: Page): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>${escapeMarkup(title)}</title>
<style>${pageStyle}${brandStyle(brand)}${style}</style></head>
<body>${brandBar(brand)}<main>${main}</main><footer>${footer}</footer></body></html>
`;
}

function brandStyle(brand: Brand): string {
  return brand.colour !== undefined && /^#[0-9a-f]{6}$/i.test(brand.colour) ? `:root{--brand:${brand.colour}}` : "";
}

function brandBar(brand: Brand): string {
  const logo =
    brand.logo !== undefined && /^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/.test(brand.logo)
      ? `<img src="${brand.logo}" alt="${escapeMarkup(brand.name ?? "Logo")}">`
      : "";
  return `<header class="top">${logo}<span>${escapeMarkup(brand.name ?? "Workflow health report")}</span></header>`;
}

/** What the plan hides, and where to upgrade. */
export function upgradeBox(upgrade: Upgrade | undefined): string {
  if (upgrade === undefined) return "";
  const link = safeLink(upgrade.checkoutUrl);
  const action = link === undefined ? "" : ` <a href="${link}" rel="noopener noreferrer">Upgrade</a>`;
  return `<p class="upgrade">${escapeMarkup(upgrade.message)}${action}</p>`;
}
