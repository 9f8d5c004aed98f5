import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, type SmallGraph, smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { exported, step } from "../../test/builder-document.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { leavesTrace, traces } from "./traces.ts";

/** Of the types in a small graph only the tag can be found later. */
const isTag = ({ types }: SmallGraph, node: number) => types[node] === "add_contact_tag";

/** Steps to which some way leads that has passed no tag. */
function cameUnseen(graph: SmallGraph): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = graph.entries.length > 0 ? [...graph.entries] : [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!isTag(graph, node)) for (const [from, to] of graph.edges) if (from === node) open.push(to);
  }
  return seen;
}

test("a step is told to have none before it exactly when some way there leaves nothing to find", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const view = viewOf(graph);
      const { noneBefore } = view.derive(traces);
      const unseen = cameUnseen(graph);
      expect(view.workflow.steps.map(noneBefore)).toEqual(view.workflow.steps.map(({ index }) => unseen.has(index)));
    }),
  );
});

test("a step is told to have some from it exactly when it or something behind it leaves a trace", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const { someFrom } = viewOf(graph).derive(traces);
      for (let node = 0; node < graph.size; node++)
        expect(someFrom(node)).toBe([...reachedFrom(graph, [node])].some((behind) => isTag(graph, behind)));
      expect(someFrom(-1)).toBe(false);
    }),
  );
});

test.each([
  ["add_notes", true],
  ["task-notification", true],
  ["google_sheets", true],
  ["create_opportunity", true],
  ["find_opportunity", false],
  ["dnd_contact", false],
  ["sms", false],
])("%s leaves something to find: %s", (type, leaves) => {
  const document = exported("w", [step(type, "It")], {}, []);
  const [only] = createView(parseWorkflow(document), resolveOptions({})).workflow.steps;
  expect(only !== undefined && leavesTrace(only)).toBe(leaves);
});
