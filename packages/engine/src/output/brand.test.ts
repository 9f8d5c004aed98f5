import { expect, test } from "vitest";
import { type Brand, brandStyle, checkBrand, showable } from "./brand.ts";

const picture = (type: string, bytes: string | Buffer): string =>
  `data:image/${type};base64,${Buffer.from(bytes).toString("base64")}`;
const logos = {
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
  jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
  gif: "GIF89a and so on",
  webp: "RIFF\x10\x20\x30\x40WEBPVP8 ",
  "svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>",
};

test.each(Object.entries(logos))("a logo may be a picture of type %s", (type, bytes) => {
  expect(checkBrand({ logo: picture(type, bytes) })).toEqual([]);
});

test.each([
  ["an address of another server", "https://example.com/logo.png"],
  ["a page", "data:text/html;base64,PHNjcmlwdD4="],
  ["bytes of another type than it says", picture("png", "<svg/>")],
  ["a type that is no picture's", picture("constructor", "x")],
  ["markup behind the bytes", `${picture("png", logos.png)}"><script>`],
  ["no base64", "data:image/svg+xml,<svg/>"],
  ["more than a page should carry", picture("svg+xml", " ".repeat(100_000))],
])("a logo that is %s is refused and not shown", (_, logo) => {
  expect(checkBrand({ logo })).toMatchObject([{ path: "/logo", code: "WRONG_FORM" }]);
  expect(showable({ name: "Northwind", logo })).toEqual({ name: "Northwind" });
});

test.each([
  [{ colour: "red" }, "/colour"],
  [{ colour: "#12345" }, "/colour"],
  [{ colour: "#123456;}*{display:none" }, "/colour"],
  [{ name: " " }, "/name"],
  [{ name: "a\nb" }, "/name"],
  [{ name: "a".repeat(81) }, "/name"],
  [{ name: 5 }, "/name"],
  [{ "a/b~": "" }, "/a~1b~0"],
  [{ constructor: "x" }, "/constructor"],
  [[], ""],
  ["Northwind", ""],
  [null, ""],
])("%j is no brand", (brand, path) => {
  expect(checkBrand(brand).map((problem) => problem.path)).toEqual([path]);
});

test("an empty brand is one: a page without name, logo and colour", () => {
  expect(checkBrand({})).toEqual([]);
  expect(brandStyle({})).toBe("");
});

test.each([
  ["#ffffff", "#000000"],
  ["#ffd400", "#000000"],
  ["#000000", "#ffffff"],
  ["#1a5fb4", "#ffffff"],
] satisfies readonly (readonly [Brand["colour"], string])[])("text on %s is %s", (colour, text) => {
  expect(brandStyle({ colour })).toBe(`:root{--brand:${colour};--on-brand:${text}}`);
});
