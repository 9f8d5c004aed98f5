import type { SuiteRow } from "../harness/suite.ts";

/** Rows that suites prove, which run with `pnpm test` as well. */
export const suiteRows: readonly SuiteRow[] = [
  {
    row: "11",
    fault: "Stripe subscription events in every order of 5",
    folder: "services/worker",
    files: ["test/webhooks.test.ts"],
  },
  {
    row: "12",
    fault: "forged, truncated and re-encoded webhook bodies, wrong times, another app's events",
    folder: "services/api",
    files: ["src/webhooks/webhooks.test.ts"],
  },
  {
    row: "13",
    fault: "HighLevel: time-outs, 429, 5xx bursts, malformed JSON, revoked token",
    folder: "packages/shared",
    files: ["src/ghl/client.test.ts", "test/ghl/rate-budget.test.ts"],
  },
  {
    row: "14",
    fault: "two processes refresh one location's rotating token at once",
    folder: "packages/shared",
    files: ["test/ghl/token-source.test.ts"],
  },
  {
    row: "16",
    fault: "generated requests per route, from the OpenAPI document (10,000; 200 in the short form)",
    folder: "services/api",
    files: ["test/generated-requests.test.ts"],
    environments: (full) => ["1/2", "2/2"].map((part) => ({ FUZZ_REQUESTS: full ? "10000" : "200", FUZZ_PART: part })),
  },
  {
    row: "16",
    fault: "hostile input by hand, for every route",
    folder: "services/api",
    files: ["test/hostile-input.test.ts"],
  },
  {
    row: "17",
    fault: "a tenant asks for every resource of another",
    folder: "services/api",
    files: ["test/tenancy.test.ts", "test/tenants.test.ts"],
  },
  {
    row: "17",
    fault: "the same in the database, as the API's own role",
    folder: "packages/shared",
    files: ["test/db/tenancy.test.ts", "test/db/isolation.test.ts"],
  },
  {
    row: "23",
    fault: "hostile names, texts and URLs in every representation",
    folder: "infra",
    files: ["test/report-page.test.ts"],
  },
  {
    row: "23",
    fault: "the headers of every representation",
    folder: "services/api",
    files: ["test/headers.test.ts", "src/analyses/report.200.test.ts"],
  },
];
