import { AppError } from "@workflow-debugger/shared/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import { jsonPointer, valid } from "./validation.ts";

function refusalOf(schema: z.ZodType, value: unknown): AppError {
  try {
    valid(schema, value);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("the value was accepted");
}

test("every place that does not fit is named by its JSON Pointer", () => {
  const schema = z.strictObject({ list: z.array(z.strictObject({ "a/b~c": z.number() })) });
  const { code, details } = refusalOf(schema, { list: [{ "a/b~c": "x" }], more: 1 });
  expect(code).toBe("VALIDATION_FAILED");
  expect(details).toEqual([
    expect.objectContaining({ path: "/list/0/a~1b~0c", code: "invalid_type" }),
    { path: "/more", code: "unknown_key", message: "is not known here" },
  ]);
});

test("a request with thousands of mistakes gets a short answer", () => {
  const { details } = refusalOf(z.array(z.number()), Array.from({ length: 5_000 }, String));
  expect(details).toHaveLength(50);
});

test("a pointer is well-formed whatever the keys are", () => {
  expect(jsonPointer(["a", 0, "\ud800"]).isWellFormed()).toBe(true);
});
