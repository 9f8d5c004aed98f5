import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeFieldsOf } from "./merge-fields.ts";

const seen = (text: string) =>
  mergeFieldsOf(text).map(({ start, end, path, fault, rewrite }) => ({
    span: text.slice(start, end),
    path,
    fault,
    rewrite,
  }));

describe("mergeFieldsOf", () => {
  it("reads well-formed fields with their places", () => {
    expect(mergeFieldsOf("Hi {{contact.first_name}}, see {{ custom_values.link }}")).toEqual([
      { start: 3, end: 25, path: "contact.first_name", fallback: null, fault: null, rewrite: null, certain: false },
      { start: 31, end: 55, path: "custom_values.link", fallback: null, fault: null, rewrite: null, certain: false },
    ]);
  });

  it.each([
    ['Hi {{default contact.first_name "there"}},', "contact.first_name", "there"],
    ['Hi {{contact.first_name || "there"}},', "contact.first_name", "there"],
  ])("reads the fallback of %s", (text, path, fallback) => {
    expect(mergeFieldsOf(text)).toMatchObject([{ path, fallback, fault: null }]);
  });

  it.each([
    ["Hi {contact.first_name},", "{contact.first_name}", "single-brace", "{{contact.first_name}}"],
    ["Hi {first_name},", "{first_name}", "single-brace", "{{contact.first_name}}"],
    ["Hi {{contact.first_name},", "{{contact.first_name}", "unbalanced", "{{contact.first_name}}"],
    ["Hi {contact.first_name}},", "{contact.first_name}}", "unbalanced", "{{contact.first_name}}"],
    ["Hi {{contact.first_name, welcome", "{{contact.first_name", "unbalanced", "{{contact.first_name}}"],
    ["Hi {{{contact.first_name}}},", "{{{contact.first_name}}}", "extra-braces", "{{contact.first_name}}"],
    ["Hi {{contact.first name}},", "{{contact.first name}}", "space-in-key", "{{contact.first_name}}"],
    ["Hi {{ Contact. First_Name }},", "{{ Contact. First_Name }}", "space-in-key", "{{Contact.First_Name}}"],
    ["Hi {{}},", "{{}}", "empty", null],
    ["Hi {{contact.<b>first_name</b>}},", "{{contact.<b>first_name</b>}}", "tag-inside", "{{contact.first_name}}"],
    ["Hi {<b>{contact.first_name}</b>},", "{<b>{contact.first_name}</b>}", "tag-inside", "{{contact.first_name}}"],
    ["Hi [First Name],", "[First Name]", "foreign", "{{contact.first_name}}"],
    ["Hi [[first_name]],", "[[first_name]]", "foreign", "{{contact.first_name}}"],
    ["Hi %FNAME%,", "%FNAME%", "foreign", "{{contact.first_name}}"],
    ["Hi *|FNAME|*,", "*|FNAME|*", "foreign", "{{contact.first_name}}"],
    ["Hi *|MMERGE7|*,", "*|MMERGE7|*", "foreign", null],
    [
      "Hi {{default contact.first_name \u201cthere\u201d}},",
      "{{default contact.first_name \u201cthere\u201d}}",
      "curly-quotes",
      '{{default contact.first_name "there"}}',
    ],
  ])("%s is not filled", (text, span, fault, rewrite) => {
    expect(seen(text)).toMatchObject([{ span, fault, rewrite }]);
  });

  it.each([
    "p { color: red } a{b}",
    "50% off, only 10% left",
    "https://example.org/?q=%20name%20",
    "[Email](https://example.org)",
    "a * b | c",
    "{ not a field }",
    "function () { return contact }",
  ])("%s holds no merge field", (text) => {
    expect(mergeFieldsOf(text)).toEqual([]);
  });

  it("leaves the braces of JSON outside", () => {
    expect(seen('{"id":{{contact.id}}}')).toMatchObject([{ span: "{{contact.id}}", fault: null }]);
  });

  it("orders fields, keeps them apart and inside the text", () => {
    const part = fc.constantFrom(
      "{",
      "{{",
      "}",
      "}}",
      "contact.first_name",
      " ",
      "<b>",
      "[First Name]",
      "%",
      "*|",
      "|*",
      "x",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const text = parts.join("");
        let from = 0;
        let rebuilt = "";
        for (const { start, end } of mergeFieldsOf(text)) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          rebuilt += text.slice(from, start) + text.slice(start, end);
          from = end;
        }
        expect(rebuilt + text.slice(from)).toBe(text);
      }),
    );
  });

  it.each(["{", "{{", "[", "%a", "*|a", "{<", "{{contact.", "{{a}", "}"])(
    "takes 10 MB of %s in linear time",
    (part) => {
      const text = part.repeat(10_000_000 / part.length);
      const began = performance.now();
      mergeFieldsOf(text);
      expect(performance.now() - began).toBeLessThan(60_000);
    },
  );
});
