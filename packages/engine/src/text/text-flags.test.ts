import fc from "fast-check";
import { expect, test } from "vitest";
import { flagsOf, TextFlag } from "./text-flags.ts";

test("a flag says whether one of its signs stands in the text", () => {
  const signs = { brace: /\{/, foreign: /[[%*]/, markup: /[<&]/ };
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "{", "}", "[", "%", "*", "<", "&", "é", "\u{1f600}") }),
      (text) => {
        for (const [name, sign] of Object.entries(signs))
          expect([name, (flagsOf(text) & TextFlag[name as keyof typeof signs]) !== 0]).toEqual([name, sign.test(text)]);
      },
    ),
  );
});
