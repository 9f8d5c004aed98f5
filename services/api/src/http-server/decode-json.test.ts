import { AppError } from "@workflow-debugger/shared/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeJson } from "./decode-json.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test("every JSON text gives the value JSON.parse gives", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(decodeJson(bytesOf(text))).toEqual(JSON.parse(text));
    }),
  );
});

test("any bytes give a value or MALFORMED_JSON, nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeJson(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect(error).toHaveProperty("code", "MALFORMED_JSON");
      }
    }),
  );
});

test("the answer says where the text breaks where the parser knows it, and never repeats the text", () => {
  expect(() => decodeJson(bytesOf('{\n"a": 1,}'))).toThrow("The body is not valid JSON at line 2 column 8.");
  expect(() => decodeJson(bytesOf('{"secret": hunter2}'))).toThrow(/^(?!.*hunter2)The body is not valid JSON/);
});

test("brackets inside strings nest nothing", () => {
  expect(decodeJson(bytesOf(JSON.stringify("[".repeat(50_000))))).toBe("[".repeat(50_000));
  expect(decodeJson(bytesOf(JSON.stringify(`\\"${"{".repeat(50_000)}`)))).toHaveLength(50_002);
});

test("a nesting nobody means is refused before it costs anything", () => {
  expect(decodeJson(bytesOf(`${"[".repeat(10_000)}${"]".repeat(10_000)}`))).toHaveLength(1);
  expect(() => decodeJson(bytesOf("[".repeat(5_000_000)))).toThrow("nests deeper");
});

test("so many objects, lists or keys as nobody means are refused before they cost anything; as many as a huge definition has are not", () => {
  const tooMany = expect.objectContaining({ code: "PAYLOAD_TOO_LARGE" });
  expect(() => decodeJson(bytesOf(`[${"[],".repeat(1_000_000)}1]`))).toThrow(tooMany);
  expect(() => decodeJson(bytesOf(`{${'"":1,'.repeat(1_000_000)}"":1}`))).toThrow(tooMany);
  expect(decodeJson(bytesOf(`[${"[],".repeat(999_000)}1]`))).toHaveLength(999_001);
  expect(decodeJson(bytesOf(JSON.stringify("[:{".repeat(1_000_000))))).toHaveLength(3_000_000);
});

test("invalid UTF-8 is refused rather than repaired", () => {
  expect(() => decodeJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow("not valid UTF-8");
});
