import { secretsIn } from "../text/secrets.ts";
import { onOneLine } from "../words.ts";

const MOST_READ = 2_000;
const MOST_SHOWN = 120;

/** First words for a box or a line: credentials masked, on one line, at most 120 characters. */
export function firstWords(text: string): string {
  const flat = onOneLine(masked(text.slice(0, MOST_READ)));
  if (flat.length <= MOST_SHOWN) return flat;
  return `${flat.slice(0, MOST_SHOWN - 1).trimEnd()}…`.toWellFormed();
}

/** A drawing is shown to others than the workflow's owner, so it never holds what opens a door. */
function masked(text: string): string {
  let shown = "";
  let from = 0;
  for (const { start, end, masked } of secretsIn(text, { label: "", entropy: true })) {
    shown += text.slice(from, start) + masked;
    from = end;
  }
  return shown + text.slice(from);
}
