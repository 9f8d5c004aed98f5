import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadApiConfig, loadMigrateConfig, loadWorkerConfig, redacted } from "./index.ts";
import { parseEnvironment } from "./load.ts";
import { apiSchema } from "./schemas.ts";

const production = {
  NODE_ENV: "production",
  DATABASE_URL: "postgres://wd_api:secret-canary@db/wd",
  ENCRYPTION_KEYS: `2026:${randomBytes(32).toString("base64")}`,
  APP_URL: "https://app.example.com",
  PUBLIC_URL: "https://api.example.com",
  GHL_CLIENT_ID: "app-1",
  GHL_CLIENT_SECRET: "canary-of-the-client",
};
const problems = (environment: Record<string, string>) => {
  const parsed = parseEnvironment(apiSchema, environment);
  return parsed.ok ? [] : parsed.problems;
};

describe("the configuration", () => {
  test("has a working default for everything in development", () => {
    expect(loadApiConfig({})).toMatchObject({
      PORT: 3000,
      HOST: "127.0.0.1",
      RATE_LIMIT_ANALYZE: 30,
      CORS_ORIGINS: [],
    });
    expect(loadWorkerConfig({})).toMatchObject({
      WORKER_CONCURRENCY: 4,
      DATABASE_URL: expect.stringContaining("wd_worker"),
    });
    expect(loadMigrateConfig({}).DATABASE_URL).toContain("wd_owner");
  });

  test("treats a variable set to nothing as not set", () => {
    expect(loadApiConfig({ PORT: "", OPS_TOKEN: " " })).toEqual(loadApiConfig({}));
  });

  test("of production is complete with six variables, and listens to all addresses", () => {
    expect(problems(production)).toEqual([]);
    expect(loadApiConfig(production).HOST).toBe("0.0.0.0");
  });

  test("tells all problems at once, those of production too", () => {
    const found = problems({ NODE_ENV: "production", PORT: "99999", CORS_ORIGINS: "example.com", OPS_TOKEN: "short" });
    expect(found.map((problem) => problem.slice(0, problem.indexOf(":"))).sort()).toEqual([
      "APP_URL",
      "CORS_ORIGINS",
      "DATABASE_URL",
      "ENCRYPTION_KEYS",
      "GHL_CLIENT_ID",
      "GHL_CLIENT_SECRET",
      "OPS_TOKEN",
      "PORT",
      "PUBLIC_URL",
    ]);
  });

  test("refuses the development key in production", () => {
    const { ENCRYPTION_KEYS } = loadApiConfig({});
    expect(problems({ ...production, ENCRYPTION_KEYS })).toEqual([
      "ENCRYPTION_KEYS: must not hold the development key in production",
    ]);
  });

  test.each([
    [{ PORT: "3000x" }, "PORT: must be a whole number"],
    [{ DATABASE_URL: "mysql://db" }, "DATABASE_URL: must be a URL that starts with postgres:// or postgresql://"],
    [{ QUEUE_URL: "amqp://mq" }, "QUEUE_URL: must be a URL that starts with postgres://"],
    [{ NODE_ENV: "prod" }, "NODE_ENV: must be development, test or production"],
    [{ CORS_ORIGINS: "https://a.example/path" }, "CORS_ORIGINS: must be origins without a path"],
    [{ GHL_STRUCTURE_URL: "https://a.example/" }, "GHL_STRUCTURE_URL: must contain {workflowId}"],
    [{ ENCRYPTION_KEYS: "a:b" }, "ENCRYPTION_KEYS: key 1 must be an id, a colon and 32 bytes in base64"],
  ])("of %j says what to write", (environment, message) => {
    expect(problems(environment)).toEqual([expect.stringContaining(message)]);
  });

  test("never repeats a value in a problem", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^canary-[a-z0-9]{20}$/), (value) => {
        const found = problems({ ...production, DATABASE_URL: value, ENCRYPTION_KEYS: value, PORT: value });
        expect(found).toHaveLength(3);
        expect(found.join()).not.toContain(value);
      }),
    );
  });

  test("prints without secrets", () => {
    const text = JSON.stringify(redacted(loadApiConfig({ ...production, OPS_TOKEN: "ops-canary-ops-canary" })));
    expect(text).not.toContain("canary");
    expect(text).not.toContain(production.ENCRYPTION_KEYS);
    expect(text).toContain("postgres://wd_api:[redacted]@db/wd");
    expect(text).toContain("https://app.example.com");
  });

  test("with problems ends the process with 1 before anything else happens", () => {
    const program = `import { loadApiConfig } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)}; loadApiConfig(); console.log("started");`;
    const run = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
      env: { PORT: "no", OPS_TOKEN: "no" },
      encoding: "utf8",
    });
    expect(run.status).toBe(1);
    expect(run.stdout).toBe("");
    expect(run.stderr).toContain("PORT: must be a whole number");
    expect(run.stderr).toContain("OPS_TOKEN: must have at least 16 characters");
  });
});
