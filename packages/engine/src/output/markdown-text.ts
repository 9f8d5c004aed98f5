import { writable } from "./markup.ts";

/** Text that Markdown shows as it is: no markup, no links, no HTML, no table cells, on one line. */
export function escaped(text: string): string {
  return writable(text)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_[\]<>|~#!&$@{}]/g, (character) =>
      character === "<" ? "&lt;" : character === "&" ? "&amp;" : `\\${character}`,
    )
    .replace(/^([-+=]|\d+[.)])/, (marker) => marker.replace(/.$/, (last) => `\\${last}`));
}

/** The inside of a code span; it holds identifiers, so what cannot stand in one is dropped. */
export function code(text: string): string {
  return clip(
    writable(text)
      .replace(/[`|\s<>]+/g, " ")
      .trim(),
  );
}

/** A block of JSON that no text inside it can end. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}json\n${writable(text)}\n${fence}`;
}

/** At most 300 characters, never half of a pair. */
export function clip(text: string): string {
  return text.length <= 300 ? text : `${Array.from(text.slice(0, 600)).slice(0, 299).join("")}…`;
}
