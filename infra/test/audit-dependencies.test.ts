import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { checkout } from "../local/checkout.ts";

const weakness = {
  ...{ id: 1, url: "https://example.com/1", title: "A hole", severity: "high", vulnerable_versions: ">=4.0.0" },
  ...{ cwe: [], cvss: { score: 8, vectorString: "" } },
};

/** The command against a registry that gives every audit this answer. */
async function auditWith(status: number, answer: object) {
  const asked: string[] = [];
  const registry = createServer(async (request, response) => {
    asked.push(await text(request));
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
  });
  registry.listen(0, "127.0.0.1");
  await once(registry, "listening");
  onTestFinished(() => void registry.close());
  const address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  const command = spawn(process.execPath, ["infra/audit/dependencies.ts", "--registry", address], { cwd: checkout });
  const [said, complained, [code]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, "exit"),
  ]);
  return { code, said, complained, asked: asked.join() };
}

test("what the registry knows nothing against passes, and it was asked about what is installed", async () => {
  const { code, asked } = await auditWith(200, {});
  expect({ code, hono: asked.includes('"hono"') }).toEqual({ code: 0, hono: true });
});

test("a known weakness of something installed fails, with its name", async () => {
  const { code, said } = await auditWith(200, { zod: [weakness] });
  expect(code).toBe(1);
  expect(said).toContain("A hole");
});

test("a registry that answers no audits is not taken for a clean bill", async () => {
  const { code, complained } = await auditWith(405, {});
  expect(code).toBe(2);
  expect(complained).toContain("NOTHING WAS AUDITED");
  expect(complained).toContain("405");
});
