import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** Loads the room in a process of its own and opens everything; prints the packages that were loaded. */
const PROBE = `
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({
    load(url, context, next) {
      const name = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
      if (name !== undefined) loaded.add(name);
      return next(url, context);
    },
  });
  const { openTracing, openErrorReports } = await import("@workflow-debugger/shared/observability");
  const options = { service: "api", environment: "test", version: "1", release: "1" };
  await openTracing({ ...options, endpoint: process.env.ENDPOINT });
  await openErrorReports({ ...options, dsn: process.env.DSN });
  console.log(JSON.stringify([...loaded]));
  process.exit(0);
`;

function packagesLoaded(environment: NodeJS.ProcessEnv): readonly string[] {
  const words = ["--input-type=module", "--eval", PROBE];
  const options = { cwd: import.meta.dirname, encoding: "utf8", env: { ...process.env, ...environment } } as const;
  return JSON.parse(execFileSync(process.execPath, words, options));
}

const OPTIONAL = ["@opentelemetry/sdk-trace", "@opentelemetry/exporter-trace-otlp-http", "@sentry/core"];

test("traces and error reports load nothing until they are turned on", () => {
  expect(packagesLoaded({}).filter((name) => OPTIONAL.includes(name))).toEqual([]);
  const on = { ENDPOINT: "http://127.0.0.1:1", DSN: "http://key@127.0.0.1:1/1" };
  expect(packagesLoaded(on)).toEqual(expect.arrayContaining(OPTIONAL));
});
