import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gsmBasic, gsmExtension } from "../domain/sms-limits.ts";
import { culpritCharacters, smsSegments, withGsmTwins } from "./sms-segments.ts";

describe("smsSegments", () => {
  // Published vectors: the limits of TS 23.038/23.040 as every segment calculator prints them.
  it.each([
    ["nothing", "", "GSM-7", 0, 0],
    ["160 plain letters fill one text", "a".repeat(160), "GSM-7", 1, 160],
    ["161 plain letters need two", "a".repeat(161), "GSM-7", 2, 161],
    ["two parts hold 306", "a".repeat(306), "GSM-7", 2, 306],
    ["307 need three", "a".repeat(307), "GSM-7", 3, 307],
    ["a euro sign takes two septets", `${"a".repeat(158)}€`, "GSM-7", 1, 160],
    ["so 159 letters and a euro need two parts", `${"a".repeat(159)}€`, "GSM-7", 2, 161],
    ["an escape pair does not straddle the border of a part", `${"a".repeat(152)}€${"a".repeat(152)}`, "GSM-7", 3, 306],
    ["70 characters with a curly quote fill one text", `${"a".repeat(69)}\u2019`, "UCS-2", 1, 70],
    ["71 need two", `${"a".repeat(70)}\u2019`, "UCS-2", 2, 71],
    ["two parts hold 134", `${"a".repeat(133)}\u2019`, "UCS-2", 2, 134],
    ["135 need three", `${"a".repeat(134)}\u2019`, "UCS-2", 3, 135],
    ["an emoji counts two code units", `${"a".repeat(68)}😀`, "UCS-2", 1, 70],
    ["and is not split over two parts", `${"a".repeat(66)}😀${"a".repeat(66)}`, "UCS-2", 3, 134],
    ["a lower case c with cedilla is not in the alphabet", "\u00e7", "UCS-2", 1, 1],
    ["the upper case one is", "\u00c7", "GSM-7", 1, 1],
    ["a backtick is not in the alphabet", "`", "UCS-2", 1, 1],
  ] as const)("%s", (_title, text, encoding, segments, units) => {
    expect(smsSegments(text)).toEqual({ encoding, segments, units });
  });

  it("agrees with a naive reference on any text", () => {
    const characters = fc.oneof(
      fc.constantFrom(...gsmBasic, ...gsmExtension),
      fc.constantFrom("\u2019", "😀", "é", "ç", "`", "\ud83d", "\ude00"),
    );
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 400 }), fc.boolean(), (parts, plain) => {
        const text = parts.filter((part) => !plain || smsSegments(part).encoding === "GSM-7").join("");
        expect(smsSegments(text)).toEqual(naive(text));
      }),
    );
  });

  it("takes a 10 MB text in linear time", () => {
    expect(smsSegments("a".repeat(10_000_000)).segments).toBe(65_360);
    expect(smsSegments("😀".repeat(5_000_000)).segments).toBe(151_516);
  });
});

function naive(text: string): ReturnType<typeof smsSegments> {
  const units = [...text].map((character) => {
    if (gsmBasic.includes(character)) return 1;
    return gsmExtension.includes(character) ? 2 : 0;
  });
  const gsm = !units.includes(0);
  const sizes = gsm ? units : [...text].map((character) => character.length);
  const total = sizes.reduce<number>((sum, size) => sum + size, 0);
  const [single, part] = gsm ? [160, 153] : [70, 67];
  const bins: number[] = [];
  for (const size of sizes) {
    const last = bins.at(-1);
    if (last === undefined || last + size > part) bins.push(size);
    else bins[bins.length - 1] = last + size;
  }
  const segments = total === 0 ? 0 : total <= single ? 1 : bins.length;
  return { encoding: gsm ? "GSM-7" : "UCS-2", segments, units: total };
}

describe("culpritCharacters", () => {
  it("names each character once, with its count, its twin and whether a language needs it", () => {
    expect(culpritCharacters("It\u2019s on \u2014 don\u2019t wait 😀 mañana así")).toEqual([
      { character: "\u2019", codePoint: "U+2019", count: 2, twin: "'", letter: false },
      { character: "\u2014", codePoint: "U+2014", count: 1, twin: "-", letter: false },
      { character: "😀", codePoint: "U+1F600", count: 1, twin: null, letter: false },
      { character: "í", codePoint: "U+00ED", count: 1, twin: null, letter: true },
    ]);
  });
});

describe("withGsmTwins", () => {
  it("replaces what has a twin and leaves the rest", () => {
    expect(withGsmTwins("\u201cIt\u2019s\u201d \u2014 90\u00a0%\u2026 😀")).toBe('"It\'s" - 90 %... 😀');
  });

  it("never adds a culprit, and removes every one that has a twin", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const before = culpritCharacters(text, 1000);
        const after = culpritCharacters(withGsmTwins(text), 1000);
        expect(after.map((one) => one.character)).toEqual(
          before.filter((one) => one.twin === null).map((one) => one.character),
        );
      }),
    );
  });
});
