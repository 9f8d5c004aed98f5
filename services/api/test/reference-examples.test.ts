import {
  answerExample,
  buildOpenApi,
  type OpenApiDocument,
  type Operation,
  requestExample,
} from "@workflow-debugger/shared/contract";
import type { HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, OPS_TOKEN, startApi, type Tenant } from "./support/api-under-test.ts";
import { fits, problemsOf } from "./support/matches-contract.ts";
import { signIn, startTestHighLevel } from "./support/sign-in.ts";

/** The examples of docs/API_REFERENCE.md: each request is sent, and each answer held against the document. */

const document = JSON.parse(JSON.stringify(buildOpenApi("0.0.0-test", "http://127.0.0.1:3000"))) as OpenApiDocument;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation, title: `${method} ${path}` })),
);

let api: ApiUnderTest;
let tenant: Tenant;
let highLevel: HighLevelStandIn;
beforeAll(async () => {
  highLevel = await startTestHighLevel();
  api = await startApi({ highLevel });
  tenant = await api.newLocation();
});
afterAll(async () => {
  await api.close();
  await highLevel.close();
});

/** A session is good until an example ends it, so that each gets its own. */
async function credentials(security: Operation["security"]): Promise<Record<string, string>> {
  const [first] = security.flatMap((each) => Object.keys(each));
  if (first === undefined) return {};
  if (first === "operatorToken") return { Authorization: `Bearer ${OPS_TOKEN}` };
  return first === "session" ? signIn(api, highLevel) : tenant.auth;
}

/** Those of development wait for a worker; their own tests send them. */
const sent = operations.filter(({ operation }) => !operation.tags.includes("Development"));

describe("the example of", () => {
  test.each(sent)("$title is a request that the API understands", async ({ path, method, operation }) => {
    const { body, ...request } = requestExample(document, path, method, operation);
    const response = await api.app.request(request.path, {
      method: request.method,
      headers: {
        ...(await credentials(operation.security)),
        ...(body === undefined ? {} : { "Content-Type": body.mediaType }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body.value) }),
    });
    const answered = response.headers.get("content-type")?.startsWith("application/json") === true;
    const { error } = (answered ? await response.clone().json() : {}) as { error?: { code: string } };
    const misunderstood = ["VALIDATION_FAILED", "MALFORMED_JSON", "INVALID_WORKFLOW", "INTERNAL"];
    if (operation.security.length > 0) misunderstood.push("UNAUTHENTICATED");
    expect([response.status, misunderstood.includes(error?.code ?? "") ? error : "understood"]).toEqual([
      response.status,
      "understood",
    ]);
    expect([405, 415]).not.toContain(response.status);
    if (!response.headers.get("content-type")?.startsWith("text/event-stream"))
      expect(await problemsOf(request.method, request.path, response)).toEqual([]);
    await response.body?.cancel();
  });

  test.each(operations)("$title has an answer as the document promises it", ({ path, method, operation }) => {
    const answer = answerExample(document, operation);
    expect(answer.status).toBeLessThan(400);
    if (answer.value === null || answer.mediaType === null) return;
    expect(fits([path, method, String(answer.status), answer.mediaType], answer.value)).toEqual([]);
  });
});
