import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hitOf, sameWords } from "./phrase-scan.ts";
import { phrasesIn, readMessage } from "./phrases.ts";
import { visibleText } from "./visible-text.ts";

describe("readMessage", () => {
  it.each([
    ["Reply STOP to unsubscribe", true],
    ["Responde STOP para darte de baja", true],
    ["STOP zum Abmelden", true],
    ["Envie STOP", true],
    ["Reply\u00a0STOP\nto unsubscribe", true],
    ["Stop by any time", false],
    ["We never stop improving", false],
  ])("%s tells how to opt out: %s", (text, told) => {
    expect(hitOf(readMessage(text, false), "optOut") !== null).toBe(told);
  });

  it("tells where a phrase stands and what kind it is of", () => {
    const text = "Low on cash? Get a Payday  Loan at https://bit.ly/x";
    const found = readMessage(text, false).hits.map(({ row, start, end }) => [
      row.kind,
      row.group,
      text.slice(start, end),
    ]);
    expect(found).toEqual([
      ["prohibited", "high-risk loans", "Payday  Loan"],
      ["shortener", undefined, "bit.ly"],
    ]);
  });

  it.each([["rabbit.ly/x"], ["my bit.lyric"], ["at t.com"]])("takes %s for no shortener", (text) => {
    expect(hitOf(readMessage(text, false), "shortener")).toBeNull();
  });

  it("passes over tags, hidden elements and comments of HTML, also inside a phrase", () => {
    const html = "<style>casino</style><!-- casino --><p title='casino'>Reply <b>STOP</b>&nbsp;to opt out</p>";
    expect(readMessage(html, true).hits.map(({ row }) => row.phrase)).toEqual(["reply stop", "stop", "opt out"]);
    expect(readMessage("2 < 3 & reply stop", true).hits[0]?.row.phrase).toBe("reply stop");
  });

  it("counts the letters that a reader sees", () => {
    expect(readMessage("<p>Hi&nbsp;Ann,</p><img alt='x'>\u{1f600} 12", true).letters).toBe(7);
  });

  it("gives texts of the same words the same hash", () => {
    const hash = (text: string) => readMessage(text, false).wordsHash;
    expect(hash("See you, Ann!")).toBe(hash("see  YOU ann"));
    expect(hash("see you ann")).not.toBe(hash("see ann you"));
    expect(hash("part 1")).not.toBe(hash("part 2"));
  });

  it("never finds a phrase outside the text, whatever the text", () => {
    const part = fc.constantFrom(
      "reply ",
      "stop",
      " to ",
      "<b>",
      "</b>",
      "<",
      ">",
      "&",
      "&nbsp;",
      "é",
      "\u{1f600}",
      ".",
      "ly",
    );
    fc.assert(
      fc.property(fc.string({ unit: part }), fc.boolean(), (text, html) => {
        for (const { start, end } of readMessage(text, html).hits) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it("finds in HTML what it finds in the visible text", () => {
    const part = fc.constantFrom(
      "reply ",
      "stop ",
      "to opt out",
      "<b>",
      "</b>",
      "<i x='>",
      "<script>",
      "</script>",
      "&amp;",
      " ",
    );
    fc.assert(
      fc.property(fc.string({ unit: part }), (html) => {
        const phrases = (text: string, isHtml: boolean) => readMessage(text, isHtml).hits.map(({ row }) => row.phrase);
        expect(phrases(html, true)).toEqual(phrases(visibleText(html), false));
      }),
    );
  });

  it.each(["stop", "stop ", "<a", "<!--", "&", "reply ", "<b>"])("takes 10 MB of %s", (part) => {
    expect(readMessage(part.repeat(10_000_000 / part.length), true).letters).toBeGreaterThanOrEqual(0);
  });
});

describe("phrasesIn", () => {
  it("matches whole words only", () => {
    expect(phrasesIn("the nonstop service", "stopRequest")).toEqual([]);
    expect(phrasesIn("please STOP!", "stopRequest")).toEqual(["stop"]);
    expect(phrasesIn("Don\u2019t text me", "stopRequest")).toEqual(["don't text"]);
  });
});

describe("sameWords", () => {
  it.each([
    ["See you, Ann!", "see  YOU ann", true],
    ["Envíe", "envie.", true],
    ["see you ann", "see youann", false],
    ["part 1", "part 2", false],
    ["part", "part 2", false],
    ["", "!", true],
  ])("%s and %s: %s", (a, b, same) => {
    expect(sameWords(a, b)).toBe(same);
  });
});
