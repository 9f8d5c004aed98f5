import { expect, it } from "vitest";
import { imagesOf } from "./images.ts";

it.each([
  ["<p>no picture</p>", 0, 0],
  ['<img src="a.png"><img src="b.png" alt="Our clinic">', 2, 1],
  ['<img alt="" src="line.png">', 1, 0],
  ['<img src="pixel.gif" width="1" height="1">', 0, 0],
  ['<img src="pixel.gif" style="width:1px">', 0, 0],
  ["<img src=cut off", 0, 0],
])("%s", (html, count, withoutText) => {
  expect(imagesOf(html)).toEqual({ count, withoutText });
});

it("takes 1 MB of openings", () => {
  expect(imagesOf("<img ".repeat(200_000)).count).toBe(0);
});
