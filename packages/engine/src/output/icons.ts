import type { NodeKind } from "../drawing/types.ts";
import type { Severity } from "../report/types.ts";

/** Icons of the kinds of steps, drawn with a line on a field of 24 by 24. */
const icons: Readonly<Record<NodeKind, string>> = {
  trigger: `<path d="M13 3 5 14h6l-1 7 9-11h-6z"/>`,
  email: `<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3.5 7.5 8.5 6 8.5-6"/>`,
  text: `<path d="M4.5 5h15A1.5 1.5 0 0 1 21 6.5v8a1.5 1.5 0 0 1-1.5 1.5H12l-5 4v-4H4.5A1.5 1.5 0 0 1 3 14.5v-8A1.5 1.5 0 0 1 4.5 5z"/><path d="M8 10.5h8"/>`,
  call: `<path d="M6.5 3.5h3L11 8l-2 1.5a12 12 0 0 0 5.5 5.5l1.5-2 4.5 1.5v3a2 2 0 0 1-2 2A15 15 0 0 1 4.5 5.5a2 2 0 0 1 2-2z"/>`,
  team: `<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>`,
  wait: `<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>`,
  branch: `<path d="M12 3v4c0 4-6 3-6 8v5M12 7c0 4 6 3 6 8v5"/><path d="m3.5 17.5 2.5 3 2.5-3M15.5 17.5l2.5 3 2.5-3"/>`,
  jump: `<path d="M19.5 5v6a4 4 0 0 1-4 4H5"/><path d="m9 10.5-4.5 4.5L9 19.5"/>`,
  goal: `<path d="M5.5 21V4h12.5l-2.5 4 2.5 4H5.5"/>`,
  workflow: `<rect x="3.5" y="3.5" width="7" height="7" rx="1.5"/><rect x="13.5" y="13.5" width="7" height="7" rx="1.5"/><path d="M10.5 7H14a3 3 0 0 1 3 3v3.5"/>`,
  tag: `<path d="M4 4h8l8.5 8.5-8 8L4 12z"/><circle cx="8.5" cy="8.5" r="1.2"/>`,
  contact: `<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c0-4.5 3.5-6.5 7.5-6.5s7.5 2 7.5 6.5"/>`,
  deal: `<circle cx="12" cy="12" r="8.5"/><path d="M14.800 9.200c-.3-1.2-1.5-1.700-2.800-1.700-1.5 0-2.800.7-2.800 2.200 0 3.200 5.700 1.5 5.700 4.700 0 1.5-1.400 2.200-2.900 2.200-1.400 0-2.700-.6-3-1.900M12 6v12"/>`,
  calendar: `<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 3v4M16 3v4"/>`,
  outbound: `<path d="M14 4h6v6M20 4l-9 9M18.5 14v5a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 19V7A1.5 1.5 0 0 1 5 5.5h5"/>`,
  ai: `<path d="m11 4 1.800 5.200L18 11l-5.200 1.800L11 18l-1.800-5.200L4 11l5.200-1.800zM18.5 16v4M16.5 18h4"/>`,
  action: `<path d="M4 7.5h8M18 7.5h2M4 16.5h2M12 16.5h8"/><circle cx="15" cy="7.5" r="2.5"/><circle cx="9" cy="16.5" r="2.5"/>`,
  exit: `<rect x="6" y="6" width="12" height="12" rx="2.5"/>`,
  unknown: `<path d="M9 9.5a3 3 0 1 1 4.5 2.600c-1 .6-1.5 1.2-1.5 2.400M12 18v.1"/>`,
  fold: `<path d="m4 8.5 8-4.5 8 4.5-8 4.5zM4 12.5l8 4.5 8-4.5M4 16.5l8 4.5 8-4.5"/>`,
};

/** A shape for each severity, around the point 0, 0: nobody needs the colours to tell them apart. */
const shapes: Readonly<Record<Severity, string>> = {
  critical: "M-5-12H5L12-5V5L5 12H-5L-12 5V-5z",
  high: "M0-13 14 11H-14z",
  medium: "M-9-11H9A2 2 0 0 1 11-9V9A2 2 0 0 1 9 11H-9A2 2 0 0 1-11 9V-9A2 2 0 0 1-9-11z",
  low: "M0-12A12 12 0 0 1 0 12A12 12 0 0 1 0-12z",
  info: "M0-11A11 11 0 0 1 0 11A11 11 0 0 1 0-11z",
};

/** Definitions of all icons and shapes; once in a document. */
export const symbols = [
  ...Object.entries(icons).map(([kind, paths]) => `<symbol id="icon-${kind}" viewBox="0 0 24 24">${paths}</symbol>`),
  ...Object.entries(shapes).map(([severity, path]) => `<path id="shape-${severity}" d="${path}"/>`),
].join("");

/** A severity's shape around a point of a drawing, with a short text on it. */
export function mark(severity: Severity, text: string, x = 0, y = 0): string {
  const size = text.length > 2 ? ` class="long"` : "";
  return `<g class="mark ${severity}" transform="translate(${x} ${y})"><use href="#shape-${severity}"/><text y="${severity === "high" ? 7 : 4}"${size}>${text}</text></g>`;
}

/** The same as a picture of its own, for a line of text that says the severity in words. */
export function markIcon(severity: Severity, text: string): string {
  return `<svg class="mark-icon" viewBox="-15 -15 30 30" aria-hidden="true">${mark(severity, text)}</svg>`;
}
