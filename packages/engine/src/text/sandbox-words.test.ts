import { expect, test } from "vitest";
import { sandboxWords } from "./sandbox-words.ts";

test.each([
  ["Test", "Test"],
  ["test 2", "test 2"],
  ["[TEST] Welcome", "TEST"],
  ["Welcome - test", "test"],
  ["Prueba: bienvenida", "Prueba"],
  ["Alt, nicht verwenden", "nicht verwenden"],
  ["Test workflow for Sam", "Test workflow"],
])("%s is marked by %s", (name, words) => {
  expect(sandboxWords(name)).toBe(words);
});

test.each([
  "Test drive",
  "Covid test",
  "Testimonials",
  "Split test winner",
  "Latest leads",
  "Contest entry",
  "Probefahrt",
])("%s is no test", (name) => {
  expect(sandboxWords(name)).toBeNull();
});
