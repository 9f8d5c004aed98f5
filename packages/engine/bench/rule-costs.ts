/** What each rule and each shared analysis takes of the time of an analysis. */

import { type AnalyzeOptions, resolveOptions } from "../src/options.ts";
import { parseWorkflow } from "../src/parse.ts";
import { registry } from "../src/rules/registry.ts";
import { readyRules, runRules } from "../src/rules/runner.ts";
import { texts } from "../src/text/texts.ts";
import { type Analysis, createView, type View } from "../src/view.ts";

export interface Cost {
  readonly name: string;
  /** Microseconds per 1,000 steps, of the best round. */
  readonly micros: number;
}

export interface Costs {
  /** Per rule, its own work: shared analyses and what texts remember are there already. Dearest first. */
  readonly rules: readonly Cost[];
  /** Per shared analysis, without those it derives itself. Dearest first. */
  readonly analyses: readonly Cost[];
}

export function ruleCosts(text: string, steps: number, rounds: number, options: AnalyzeOptions = {}): Costs {
  const rules = new Map<string, number[]>();
  const analyses = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const counts = round >= rounds / 3; // the first third warms up
    const note = (table: Map<string, number[]>, name: string, ms: number) => {
      if (!counts) return;
      const times = table.get(name);
      if (times === undefined) table.set(name, [ms]);
      else times.push(ms);
    };
    const view = watchedView(createView(parseWorkflow(JSON.parse(text)), resolveOptions(options)), (name, ms) =>
      note(analyses, name, ms),
    );
    const timed = (name: string, work: () => unknown) => {
      const start = performance.now();
      work();
      note(analyses, name, performance.now() - start);
    };
    // What the view and the texts work out on first use, before a rule is charged for it.
    timed("graph", () => view.graph);
    const found = view.derive(texts);
    timed("phrases and languages", () => found.inOtherLanguages());
    runRules(readyRules(registry), view);
    for (const rule of registry) {
      const alone = readyRules([rule]);
      const start = performance.now();
      runRules(alone, view);
      note(rules, `${rule.meta.code} ${rule.meta.id}`, performance.now() - start);
    }
  }
  const ranked = (table: ReadonlyMap<string, readonly number[]>): readonly Cost[] =>
    [...table]
      .map(([name, times]) => ({ name, micros: (Math.min(...times) * 1_000_000) / steps }))
      .sort((a, b) => b.micros - a.micros);
  return { rules: ranked(rules), analyses: ranked(analyses) };
}

/** A view that tells how long each analysis took. */
function watchedView(view: View, took: (name: string, ms: number) => void): View {
  const known = new Map<Analysis<unknown>, unknown>();
  let inner = 0;
  const watched: View = Object.create(view, {
    derive: {
      value<Result>(analysis: Analysis<Result>): Result {
        if (known.has(analysis)) return known.get(analysis) as Result;
        const outer = inner;
        inner = 0;
        const start = performance.now();
        const result = analysis(watched);
        const whole = performance.now() - start;
        took(analysis.name, whole - inner);
        inner = outer + whole;
        known.set(analysis, result);
        return result;
      },
    },
  });
  return watched;
}
