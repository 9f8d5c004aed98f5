/** One small fault put into a source: what a test suite should notice. */
export interface Mutant {
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly source: string;
}

/** Sources are formatted, so operators stand between blanks and types between none. */
const swaps: readonly (readonly [pattern: RegExp, to: string])[] = [
  [/ < /g, " <= "],
  [/ <= /g, " < "],
  [/ > /g, " >= "],
  [/ >= /g, " > "],
  [/ === /g, " !== "],
  [/ !== /g, " === "],
  [/ && /g, " || "],
  [/ \|\| /g, " && "],
  [/ \+ /g, " - "],
  [/ - /g, " + "],
  [/ \* /g, " / "],
  [/\btrue\b/g, "false"],
  [/\bfalse\b/g, "true"],
  [/\bMath\.max\b/g, "Math.min"],
  [/\bMath\.min\b/g, "Math.max"],
  [/\b0\b(?![.\d])/g, "1"],
  [/\b1\b(?![.\d])/g, "2"],
  [/\+\+/g, "--"],
  [/\bcontinue;/g, "break;"],
];

/** Lines that hold no code to run: imports, comments, declarations of types. */
const idle = /^\s*(?:import\b|export (?:type|interface)\b|interface\b|type\b|readonly\b|\||\*|\/\*|\/\/|\}|case )/;

/** Every mutant of a source, in its order. Texts and regular expressions are left alone. */
export function mutantsOf(source: string): readonly Mutant[] {
  const lines = source.split("\n");
  const mutants: Mutant[] = [];
  lines.forEach((line, at) => {
    if (idle.test(line)) return;
    const code = line.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`|\/\/.*$/g, (text) => "\u0000".repeat(text.length));
    for (const [pattern, to] of swaps)
      for (const { 0: from, index } of code.matchAll(pattern)) {
        const changed = line.slice(0, index) + to + line.slice(index + from.length);
        mutants.push({ line: at + 1, from: from.trim(), to: to.trim(), source: lines.with(at, changed).join("\n") });
      }
  });
  return mutants;
}
