import { AppError } from "@workflow-debugger/shared/contract";
import { createLogger } from "@workflow-debugger/shared/observability";
import { Hono } from "hono";
import { expect, test, vi } from "vitest";
import type { AppEnv, Settings } from "../dependencies.ts";
import { errorHandler } from "./error-handler.ts";

test.each([
  ["a request that is turned away", new AppError("UNAVAILABLE", { retryAfter: 1 }), 503, 0],
  ["a database that is away", Object.assign(new Error("terminating connection"), { code: "57P01" }), 503, 1],
  ["a fault of ours", new TypeError("broken"), 500, 1],
  ["a mistake of the client's", new AppError("VALIDATION_FAILED"), 400, 0],
] as const)("%s is logged as a failure only where something failed", async (_what, error, status, times) => {
  const log = createLogger({ service: "api", environment: "test", level: "silent", pretty: false });
  const logged = vi.spyOn(log, "error");
  const settings = { environment: "production" } as Settings;
  const app = new Hono<AppEnv>().get("/", () => Promise.reject(error));
  app.onError(errorHandler({ log, settings }));
  expect((await app.request("/")).status).toBe(status);
  expect(logged).toHaveBeenCalledTimes(times);
});
