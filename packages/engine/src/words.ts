/** How figures and names read in a sentence. */

const LONGEST_QUOTE = 60;

/** The text with a single blank for whatever white space stands in it, and none around it. */
export function onOneLine(text: string): string {
  // Single blanks are left alone: nearly every text stays as it is.
  return text.replace(/\s{2,}|[^\S ]/g, " ").trim();
}

/** A step's name for a sentence. */
export function quoted({ name }: { readonly name: string }): string {
  const flat = onOneLine(name.slice(0, 400));
  return flat.length > LONGEST_QUOTE ? `"${flat.slice(0, LONGEST_QUOTE - 1)}…"` : `"${flat}"`;
}

/** "a", "a and b", "a, b and 3 more". */
export function listed(names: readonly string[], most = 4): string {
  if (names.length <= 1) return names[0] ?? "";
  const shown = names.length > most ? names.slice(0, most - 1) : names.slice(0, -1);
  const last = names.length > most ? `${names.length - shown.length} more` : names.at(-1);
  return `${shown.join(", ")} and ${last}`;
}

/** "1 step", "3 steps", "2 boxes". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const units = [
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A time span, its two largest units: "2 weeks", "10 days", "1 hour 30 minutes", "no time". */
export function inWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return "an unknown time";
  const words: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [name, length] of units) {
    const count = Math.floor(rest / length);
    // Weeks only where they say it all: 10 days are no "1 week 3 days".
    if (count === 0 || (name === "week" && rest % length !== 0)) continue;
    words.push(counted(count, name));
    rest -= count * length;
    if (words.length === 2) break;
  }
  return words.length === 0 ? "no time" : words.join(" ");
}

/** When something happens after the start: "at once", "after 2 days". */
export function afterTime(seconds: number): string {
  return seconds === 0 ? "at once" : `after ${inWords(seconds)}`;
}

/** The same for a narrow place: "at once", "2 d", "1 h 30 min". */
export function inShort(seconds: number): string {
  if (seconds === 0) return "at once";
  return inWords(seconds).replace(
    / (week|day|hour|minute|second)s?/g,
    (_, unit: keyof typeof short) => ` ${short[unit]}`,
  );
}

const short = { week: "wk", day: "d", hour: "h", minute: "min", second: "s" } as const;
