import { expect, test } from "vitest";
import { colours } from "./colours.ts";

type Name = keyof typeof colours;

/** WCAG 2: 1 to 21. */
function contrast(one: Name, other: Name, scheme: 0 | 1): number {
  const [light = 0, dark = 0] = [luminance(colours[one][scheme]), luminance(colours[other][scheme])].toSorted(
    (a, b) => b - a,
  );
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const texts: readonly Name[] = ["ink", "soft", "critical", "high", "medium", "low", "info", "good"];
const icons = ["start", "message", "wait", "choice", "action"] as const;

test.each([
  ["light", 0],
  ["dark", 1],
] as const)("in %s, every text can be read on every ground, and every icon be told from its tile", (_, scheme) => {
  for (const text of texts) {
    for (const ground of ["ground", "sheet"] as const) {
      expect(contrast(text, ground, scheme), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  }
  for (const icon of icons) expect(contrast(`${icon}-icon`, `${icon}-tile`, scheme), icon).toBeGreaterThanOrEqual(4.5);
  expect(contrast("ink", "rim", scheme)).toBeGreaterThanOrEqual(4.5);
  expect(contrast("soft", "rim", scheme)).toBeGreaterThanOrEqual(4.5);
});
