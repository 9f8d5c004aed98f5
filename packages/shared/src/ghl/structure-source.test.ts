import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createResilience, RESILIENCE } from "./resilience.ts";
import { createStructureSource } from "./structure-source.ts";

test("a builder document is fetched by location and workflow, with the address's own credentials", async () => {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    const status = request.url?.includes("w1") === true ? 200 : request.url?.includes("locked") === true ? 401 : 404;
    response.writeHead(status).end('{"id":"w1"}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const source = createStructureSource(
    `http://user:pass%20word@127.0.0.1:${port}/locations/{locationId}?workflow={workflowId}`,
    { resilience: createResilience(RESILIENCE), timeoutMs: 1_000 },
  );
  expect(await source.fetch({ locationId: "a/../b", workflowId: "w1&x=1" })).toEqual({ id: "w1" });
  expect(seen[0]?.url).toBe("/locations/a%2F..%2Fb?workflow=w1%26x%3D1");
  expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from("user:pass word").toString("base64")}`);
  await expect(source.fetch({ locationId: "a", workflowId: "w2" })).rejects.toMatchObject({ category: "not_found" });
  await expect(source.fetch({ locationId: "a", workflowId: "locked" })).rejects.toMatchObject({
    category: "server",
    service: "The structure source",
  });
  server.close();
  server.closeAllConnections();
});
