/**
 * Colours by name, light and dark. Text in `ink`, `soft` or a severity's colour has a contrast of at least 4.5 : 1 on
 * `ground` and on `sheet` in both schemes; severities also differ by shape and word.
 */
export const colours = {
  ground: ["#f5f7fb", "#0d131d"],
  sheet: ["#ffffff", "#161e2b"],
  ink: ["#111927", "#eef2f8"],
  soft: ["#4b5768", "#a9b6c8"],
  rim: ["#dfe5ee", "#2a3648"],
  line: ["#8d9bb0", "#64748b"],
  critical: ["#b42318", "#ff9b90"],
  high: ["#b93c09", "#ffb27d"],
  medium: ["#856000", "#f2cd68"],
  low: ["#1a5fb4", "#8fc2ff"],
  info: ["#4b5768", "#a9b6c8"],
  good: ["#0a6b45", "#7be0ac"],
  "start-tile": ["#d6f5e3", "#143a2a"],
  "start-icon": ["#0a6b45", "#7be0ac"],
  "message-tile": ["#dbe9ff", "#16305a"],
  "message-icon": ["#1a5fb4", "#9ccaff"],
  "wait-tile": ["#fdecc0", "#40310b"],
  "wait-icon": ["#7a5600", "#f2cd68"],
  "choice-tile": ["#eae2ff", "#30245c"],
  "choice-icon": ["#5a2fc2", "#c9b8ff"],
  "action-tile": ["#e8edf4", "#263145"],
  "action-icon": ["#39465a", "#c3cede"],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

const names = Object.entries(colours);

/** Custom properties that follow the reader's colour scheme. */
export const colourVariables = `:root{color-scheme:light dark;${names.map(([name, [light, dark]]) => `--${name}:light-dark(${light},${dark})`).join(";")}}`;

/** A style with the colours of one scheme written out, for readers of SVG that know no custom properties. */
export function writtenOut(style: string, scheme: "light" | "dark"): string {
  return names.reduce(
    (text, [name, [light, dark]]) => text.replaceAll(`var(--${name})`, scheme === "light" ? light : dark),
    style,
  );
}
