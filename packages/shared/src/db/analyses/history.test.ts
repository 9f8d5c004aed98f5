import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeHistoryCursor, encodeHistoryCursor } from "./history.ts";

const stamp = fc.maxSafeInteger().map(Math.abs);

test("a cursor survives its journey through a URL", () => {
  fc.assert(
    fc.property(stamp, fc.uuid(), (createdAt, id) => {
      const text = encodeHistoryCursor({ createdAt, id });
      expect(text).toBe(encodeURIComponent(text));
      expect(decodeHistoryCursor(text)).toEqual({ createdAt, id });
    }),
  );
});

test("any other text is no cursor, and is told so without an error", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(decodeHistoryCursor(text)).toBeNull();
    }),
  );
});

test.each([
  "1|not-an-id",
  "-1|0198f000-0000-7000-8000-000000000000",
  "99999999999999999|0198f000-0000-7000-8000-000000000000",
  "infinity|0198f000-0000-7000-8000-000000000000",
  "1'; drop table analyses|0198f000-0000-7000-8000-000000000000",
])("%j, however well encoded, is no cursor", (text) => {
  expect(decodeHistoryCursor(Buffer.from(text).toString("base64url"))).toBeNull();
});
