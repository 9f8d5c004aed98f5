import fc from "fast-check";
import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { addTag, flow, onTag } from "../rules/location-example.ts";
import { createView } from "../view.ts";
import { cycles } from "./cycles.ts";
import { createLocationView } from "./location-view.ts";

const TAGS = 5;
const tag = fc.nat({ max: TAGS - 1 });
/** Workflows that each hear some tags and add some. */
const locations = fc.array(
  fc.record({ hears: fc.uniqueArray(tag, { maxLength: 2 }), adds: fc.uniqueArray(tag, { maxLength: 3 }) }),
  { maxLength: 6 },
);

type Small = readonly { readonly hears: readonly number[]; readonly adds: readonly number[] }[];

function cyclesOf(small: Small) {
  const options = resolveOptions({});
  const members = small.map(({ hears, adds }, at) => {
    const document = flow(
      `w${at}`,
      hears.map((one) => onTag(`t${one}`)),
      adds.map((one) => addTag(`t${one}`, `add-${one}`)),
    );
    return { at, key: `w${at}`, view: createView(parseWorkflow(document), options), inUse: true };
  });
  return createLocationView(members, options, []).derive(cycles);
}

/** Whether a way leads from a workflow round to itself that leaves it, by tags that are not among the given ones. */
function hasRing(small: Small, without: ReadonlySet<number>): boolean {
  const after = small.map(({ adds }, from) =>
    small.flatMap(({ hears }, to) =>
      to !== from && hears.some((one) => adds.includes(one) && !without.has(one)) ? [to] : [],
    ),
  );
  return small.some((_, start) => {
    const seen = new Set<number>();
    const open = [...(after[start] ?? [])];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === start) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      open.push(...(after[at] ?? []));
    }
    return false;
  });
}

test("a ring is found exactly where a search of all ways finds one, and without the tags that are told none is left", () => {
  fc.assert(
    fc.property(locations, (small) => {
      const found = cyclesOf(small);
      expect(found.length > 0).toBe(hasRing(small, new Set()));
      const told = new Set(found.flatMap(({ hops }) => hops.map(({ effect }) => Number(effect?.value.slice(1)))));
      expect(hasRing(small, told)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("every hop does what the next one hears, and no two rings share what they change", () => {
  fc.assert(
    fc.property(locations, (small) => {
      const found = cyclesOf(small);
      const keys = found.flatMap(({ hops }) => [...new Set(hops.map(({ effect }) => effect?.value))]);
      expect(new Set(keys).size).toBe(keys.length);
      for (const { hops } of found)
        hops.forEach(({ member, effect }, at) => {
          const next = hops[(at + 1) % hops.length];
          expect(next?.member).not.toBe(member);
          expect(next?.trigger?.conditions[0]?.value).toBe(effect?.value);
        });
    }),
  );
});
