import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visibleText } from "./visible-text.ts";

describe("visibleText", () => {
  it.each([
    ["<p>Hi&nbsp;<b>Ann</b>,</p><p>see you</p>", "Hi Ann , see you"],
    ["<style>p { color: red }</style>Hello", "Hello"],
    ["<SCRIPT>alert(1 < 2)</SCRIPT>Hello<!-- secret -->", "Hello"],
    ["2 < 3 &amp; 4 > 3", "2 < 3 & 4 > 3"],
    ["It&#39;s &rsquo;fine&#8217;", "It's \u2019fine\u2019"],
    ["plain   text\n here", "plain text here"],
    ["cut off <a href=", "cut off"],
    ["&unknown; &#99999999;", "&unknown; &#99999999;"],
  ])("%s", (html, text) => {
    expect(visibleText(html)).toBe(text);
  });

  it("answers for any text and never grows it", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", "a", "/", "!", "-", "&", ";", "#1", "style", " ") }),
        (html) => {
          expect(visibleText(html).length).toBeLessThanOrEqual(html.length + (html.match(/</g)?.length ?? 0));
        },
      ),
    );
  });

  it.each(["<", "<a", "<a>", "&", "<!--", "<style>", "</style>", "<a ", " "])("takes 10 MB of %s", (part) => {
    expect(visibleText(part.repeat(10_000_000 / part.length)).length).toBeLessThanOrEqual(10_000_000);
  });
});
