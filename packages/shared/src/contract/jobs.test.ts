import { expect, test } from "vitest";
import { jobId, jobs } from "./jobs.ts";

const id = "0198d2f0-6f6e-7c3a-9b1e-5a4d2c7f8e90";

test("a payload keeps what the contract names and drops the rest, so that versions can run side by side", () => {
  const payload = { id, generation: 2, requestId: id };
  expect(jobs.analysis.schema.parse({ ...payload, definition: {} })).toEqual(payload);
});

test("an emptied payload is refused", () => {
  expect(jobs.analysis.schema.safeParse({}).success).toBe(false);
  expect(jobs.analysis.schema.safeParse({ id, generation: 0, requestId: id }).success).toBe(false);
});

test("a job id is the row and its generation, without characters a queue refuses", () => {
  expect(jobId("analysis", { id, generation: 3 })).toBe(`analysis-${id}-g3`);
});
