/** What is tried, and the tests that should notice. */
export interface Area {
  /** Each beside its own test. */
  readonly sources: readonly string[];
  /** More tests of the same code: a fault that its own test lets pass is tried against these, too. */
  readonly tests: readonly string[];
}

const within = (folder: string, names: readonly string[]) => names.map((name) => `${folder}/${name}.ts`);

export const areas: Readonly<Record<string, Area>> = {
  solver: {
    sources: within("src/conditions", ["solver", "formula", "field-theory", "ranges"]),
    tests: within("src/conditions", ["conflict.test", "coverage.test", "shadowing.test"]),
  },
  graph: {
    sources: within("src/graph", [
      "graph",
      "reachability",
      "components",
      "cycles",
      "dominators",
      "least-delay",
      "longest-path",
      "must-hold",
    ]),
    tests: ["src/report/witness.test.ts"],
  },
  timing: { sources: ["src/model/waits.ts", "src/words.ts"], tests: ["src/graph/graph.test.ts"] },
  scoring: {
    sources: within("src/report", ["score", "fingerprint", "suppressions", "gate", "diff"]),
    tests: ["src/report/"],
  },
};
