import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get } from "../../test/support/requests.ts";
import { zipOf } from "../../test/support/zip.ts";

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const workflow = (id: string | undefined, name = `Workflow ${id}`) => ({ ...aWorkflow(name), id });
async function send(body: string | Buffer<ArrayBuffer>, type: string) {
  tenant = await api.newLocation();
  const headers = { ...tenant.auth, "Content-Type": type };
  const response = await api.app.request("/api/workflows/import", { method: "POST", headers, body });
  expect(await problemsOf("POST", "/api/workflows/import", response)).toEqual([]);
  return { status: response.status, ...(await bodyOf(response)) };
}
const json = (value: unknown) => send(JSON.stringify(value), "application/json");
const zip = (archive: Buffer<ArrayBuffer>) => send(archive, "application/zip");
const ids = (data: { imported: { workflowId: string }[] }) => data.imported.map(({ workflowId }) => workflowId).sort();

describe("POST /api/workflows/import", () => {
  test.each([
    ["a list under workflows", { workflows: [workflow("a"), workflow("b")] }],
    ["a list under rows", { rows: [workflow("a"), workflow("b")], count: 2 }],
    ["a bare list", [workflow("a"), workflow("b")]],
    ["a list of wrapped ones", { workflows: [{ workflow: workflow("a"), triggers: [] }, workflow("b")] }],
  ])("takes %s", async (_, body) => {
    const { status, data } = await json(body);
    expect([status, ids(data), data.refused]).toEqual([200, ["a", "b"], []]);
    const listed = await bodyOf(await get(api, "/api/workflows", tenant.auth));
    expect(listed.data.map(({ id }: { id: string }) => id)).toEqual(["a", "b"]);
  });

  test("takes one document", async () => {
    const { data } = await json(workflow("one"));
    expect(data.imported).toMatchObject([{ workflowId: "one", version: 1, source: "upload", unchanged: false }]);
  });

  test("takes a ZIP archive of files, with lists in them and other things beside", async () => {
    const { status, data } = await zip(
      zipOf({
        "export/a.json": JSON.stringify(workflow("a")),
        "export/more.JSON": JSON.stringify({ workflows: [workflow("b"), workflow("c")] }),
        "export/readme.txt": "hello",
        "__MACOSX/export/._a.json": "no json",
        "export/.hidden.json": "no json",
      }),
    );
    expect([status, ids(data), data.refused]).toEqual([200, ["a", "b", "c"], []]);
  });

  test("stores what fits, and names what does not with its place", async () => {
    const { data } = await json({ workflows: [workflow("a"), { hello: 1 }, workflow(undefined), workflow("a"), 7] });
    expect(ids(data)).toEqual(["a"]);
    expect(data.refused.map(({ path, code }: { path: string; code: string }) => [path, code])).toEqual([
      ["/workflows/1", "invalid_workflow"],
      ["/workflows/2", "no_id"],
      ["/workflows/3", "duplicate"],
      ["/workflows/4", "invalid_workflow"],
    ]);
    const archive = await zip(
      zipOf({
        "a.json": JSON.stringify(workflow("a")),
        "bad.json": "{",
        "list.json": JSON.stringify([workflow("b"), {}]),
      }),
    );
    expect(ids(archive.data)).toEqual(["a", "b"]);
    expect(archive.data.refused).toEqual([
      { path: "bad.json", code: "unreadable", message: "is not valid JSON" },
      { path: "list.json/1", code: "invalid_workflow", message: expect.any(String) },
    ]);
  });

  test.each([
    ["nothing that fits", { workflows: [{ hello: 1 }] }, "INVALID_WORKFLOW"],
    ["an empty list", { workflows: [] }, "INVALID_WORKFLOW"],
    ["a number", 7, "INVALID_WORKFLOW"],
    ["more than 500 workflows", { workflows: Array(501).fill(workflow("a")) }, "VALIDATION_FAILED"],
  ])("with %s is 400", async (_, body, code) => {
    const { status, error } = await json(body);
    expect([status, error.code]).toEqual([400, code]);
  });

  test("refuses archives that are none, lie about their sizes, are encrypted or unpack to too much", async () => {
    expect(await zip(Buffer.from("PK\x03\x04 and then nothing"))).toMatchObject({ status: 400 });
    expect(await zip(Buffer.alloc(0))).toMatchObject({ status: 400 });
    const text = JSON.stringify(workflow("a"));
    const lying = await zip(zipOf({ "a.json": text }, { lie: () => 3 }));
    expect([lying.status, lying.error.details[0].code]).toEqual([400, "unreadable"]);
    const encrypted = await zip(zipOf({ "a.json": text }, { flags: 1 }));
    expect([encrypted.status, encrypted.error.details[0].code]).toEqual([400, "encrypted"]);
    const zeros = Buffer.alloc(9 * 1024 * 1024, " ");
    const bomb = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`${index}.json`, zeros]));
    expect(await zip(zipOf(bomb))).toMatchObject({ status: 413, error: { code: "PAYLOAD_TOO_LARGE" } });
    const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`${index}.txt`, ""]));
    expect(await zip(zipOf(many))).toMatchObject({ status: 413 });
    const big = await zip(zipOf({ "a.json": text, "big.json": Buffer.alloc(11 * 1024 * 1024, " ") }));
    expect(big.data.refused).toEqual([{ path: "big.json", code: "too_large", message: "is larger than 10 MiB" }]);
  });

  test("takes no other type, and only JSON where archives have no place", async () => {
    expect(await send("x", "text/plain")).toMatchObject({ status: 415 });
    const headers = { ...tenant.auth, "Content-Type": "application/zip" };
    const elsewhere = await api.app.request("/api/analyze", { method: "POST", headers, body: zipOf({}) });
    expect(elsewhere.status).toBe(415);
  });
});
