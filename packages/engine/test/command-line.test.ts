import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const bin = resolve(import.meta.dirname, "../bin/analyze.ts");
const sample = (name: string): string => resolve(import.meta.dirname, `../samples/${name}.json`);
const folder = mkdtempSync(join(tmpdir(), "analyze-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function analyze(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    input,
    encoding: "utf8",
    env: { ...process.env, INIT_CWD: folder },
  });
  return { status, stdout, stderr };
}

test("findings at or above the threshold end with 1, a report below it with 0", () => {
  expect(analyze([sample("critical")]).status).toBe(1);
  expect(analyze([sample("healthy")]).status).toBe(0);
  expect(analyze([sample("healthy"), "--fail-on", "low"]).status).toBe(1);
});

test("standard input is read, and the text names score, grade and every issue", () => {
  const { status, stdout } = analyze(["-"], readFileSync(sample("medium"), "utf8"));
  expect(status).toBe(1);
  expect(stdout).toContain("22 of 100, High Risk");
  expect(stdout.match(/^\d+\. /gm)).toHaveLength(7);
});

test("unusable input ends with 2 and says where and what to do", () => {
  writeFileSync(join(folder, "list.json"), JSON.stringify({ workflows: [{}, {}] }));
  writeFileSync(join(folder, "broken.json"), "{");
  expect(analyze(["list.json"])).toMatchObject({ status: 2, stderr: expect.stringContaining("list.json") });
  expect(analyze(["broken.json"])).toMatchObject({ status: 2, stderr: expect.stringContaining("is not JSON") });
  expect(analyze(["absent.json"])).toMatchObject({ status: 2, stderr: expect.stringContaining("no such file") });
  expect(analyze(["--format", "pdf", "x"])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("takes one of"),
  });
  expect(analyze([])).toMatchObject({ status: 2 });
});

test("SARIF always ends with 0 and holds a run for each workflow and one for what lies between them", () => {
  const { status, stdout } = analyze([sample("critical"), sample("healthy"), "--format", "sarif"]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout).runs).toHaveLength(3);
});

test("several files, a list and a list in an object are one location", () => {
  const given = ["critical", "healthy"].map((name) => JSON.parse(readFileSync(sample(name), "utf8")));
  writeFileSync(join(folder, "array.json"), JSON.stringify(given));
  writeFileSync(join(folder, "object.json"), JSON.stringify({ workflows: given }));
  const several = analyze([sample("critical"), sample("healthy"), "--format", "json"]);
  expect(several.status).toBe(1);
  expect(JSON.parse(several.stdout).workflows).toHaveLength(2);
  expect(analyze(["array.json", "--format", "json"]).stdout).toBe(several.stdout);
  expect(analyze(["object.json", "--format", "json"]).stdout).toBe(several.stdout);
  const text = analyze(["array.json", "--fail-on", "never"]);
  expect(text.status).toBe(0);
  expect(text.stdout).toContain("All workflows together");
  expect(analyze(["array.json", "--format", "html"]).stdout).toContain("The workflows and what ties them");
  expect(analyze(["array.json", "--format", "md"]).stdout).toContain("## Workflow by workflow");
});

test("of a location what cannot be read is named with its place, and the rest is analysed", () => {
  writeFileSync(join(folder, "half.json"), JSON.stringify([JSON.parse(readFileSync(sample("healthy"), "utf8")), 7]));
  const { status, stdout, stderr } = analyze(["half.json", "--format", "json"]);
  expect(status).toBe(2);
  expect(stderr).toContain("half.json, workflow 2: ");
  expect(JSON.parse(stdout).stats).toMatchObject({ workflows: 2, failed: 1 });
});

test("facts that cannot be meant are refused with their place", () => {
  writeFileSync(join(folder, "facts.json"), JSON.stringify({ users: [{ id: "u1", name: "Nora" }], tag: [] }));
  const { status, stderr } = analyze([sample("healthy"), "--facts", "facts.json"]);
  expect(status).toBe(2);
  expect(stderr).toContain("facts.json at /users/0/active: must be true or false");
  expect(stderr).toContain("facts.json at /tag: is not known here");
});

test("against a baseline only what is new counts", () => {
  const before = analyze([sample("critical"), "--format", "json"]).stdout;
  writeFileSync(join(folder, "baseline.json"), before);
  const { status, stdout } = analyze([sample("critical"), "--baseline", "baseline.json"]);
  expect(status).toBe(0);
  expect(stdout).toContain("0 new, 0 fixed");
});

test("a page is written for one workflow, and a picture is refused for two", () => {
  expect(analyze([sample("medium"), "--format", "html", "--output", "report.html"]).status).toBe(1);
  const page = readFileSync(join(folder, "report.html"), "utf8");
  expect(page).toContain("Roof inspection follow-up");
  expect(page).not.toContain("<script");
  expect(analyze([sample("medium"), sample("healthy"), "--format", "svg"]).status).toBe(2);
});

test("a page carries the brand of the settings file and of the command line, and a brand that cannot be meant is refused", () => {
  const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  writeFileSync(join(folder, "logo.png"), Buffer.from(dot, "base64"));
  writeFileSync(join(folder, "brand.json"), JSON.stringify({ brand: { name: "Northwind", colour: "#0a7d5c" } }));
  const page = analyze([sample("healthy"), "-f", "html", "-c", "brand.json", "--brand-logo", "logo.png"]).stdout;
  for (const part of [`alt="Northwind"`, "--brand:#0a7d5c", `src="data:image/png;base64,${dot}"`]) {
    expect(page).toContain(part);
  }
  const refused = (...args: string[]) =>
    expect(analyze([sample("healthy"), "-f", "html", ...args])).toMatchObject({ status: 2 });
  refused("--brand-colour", "red;}body{display:none");
  refused("--brand-logo", "absent.png");
  refused("--brand-logo", "brand.json");
  writeFileSync(join(folder, "fake.png"), "<svg/>");
  refused("--brand-logo", "fake.png");
  writeFileSync(join(folder, "brand.json"), JSON.stringify({ brand: { title: "Northwind" } }));
  refused("-c", "brand.json");
});

test("a page against a baseline compares the two", () => {
  writeFileSync(join(folder, "before.json"), analyze([sample("critical"), "--format", "json"]).stdout);
  const page = analyze([sample("medium"), "--baseline", "before.json", "--format", "html"]).stdout;
  for (const heading of ["Before", "After", "Fixed", "New", "Unchanged"]) expect(page).toContain(heading);
  expect(page).toContain("The score rose by 22 points.");
});

test("help, the list of rules and one rule in full end with 0", () => {
  expect(analyze(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("Exit codes") });
  expect(analyze(["--list-rules"])).toMatchObject({ status: 0, stdout: expect.stringContaining("LOOP-001") });
  expect(analyze(["--explain", "LOOP-001"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("goto-loop-no-delay"),
  });
  expect(analyze(["--explain", "NOPE-1"]).status).toBe(2);
});

test("facts of the location make rules firmer, and a file that is no object of facts ends with 2", () => {
  const workflow = { actions: [{ id: "a", type: "sms", config: { body: "Acme: hi {{contact.first_nme2}}" } }] };
  writeFileSync(join(folder, "field.json"), JSON.stringify(workflow));
  writeFileSync(join(folder, "facts.json"), JSON.stringify({ customFields: [{ key: "first_nme2", type: "TEXT" }] }));
  const codes = (args: readonly string[]): readonly string[] =>
    JSON.parse(analyze(["field.json", "--format", "json", "--profile", "strict", ...args]).stdout).issues.map(
      ({ code }: { readonly code: string }) => code,
    );
  expect(codes([])).toContain("CONT-001");
  expect(codes(["--facts", "facts.json"])).not.toContain("CONT-001");
  writeFileSync(join(folder, "list.json"), "[]");
  expect(analyze(["field.json", "--facts", "list.json"])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("must hold a JSON object of facts"),
  });
});

test("a configuration switches rules off and accepts findings; a key it does not know ends with 2", () => {
  writeFileSync(
    join(folder, "config.json"),
    JSON.stringify({ rules: { "TIME-001": { off: true } }, suppressions: [] }),
  );
  const count = (args: readonly string[]) =>
    JSON.parse(analyze([sample("critical"), "--format", "json", ...args]).stdout).issues.filter(
      ({ code }: { readonly code: string }) => code === "TIME-001",
    ).length;
  expect([count([]) > 0, count(["--config", "config.json"])]).toEqual([true, 0]);
  writeFileSync(join(folder, "odd.json"), JSON.stringify({ rulez: {} }));
  expect(analyze([sample("critical"), "--config", "odd.json"])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("unknown settings: rulez"),
  });
});

test("the threshold decides, and never means never", () => {
  expect(analyze([sample("critical"), "--fail-on", "never"]).status).toBe(0);
  expect(analyze([sample("healthy"), "--fail-on", "medium"]).status).toBe(0);
  expect(analyze([sample("medium"), "--fail-on", "critical"]).status).toBe(
    JSON.parse(analyze([sample("medium"), "--format", "json"]).stdout).summary.critical > 0 ? 1 : 0,
  );
});

const location = (name: string): string =>
  resolve(import.meta.dirname, `../fixtures/locations/01-speed-to-lead/${name}.json`);

test("simulate walks a contact through several workflows and tells it as Markdown, JSON or a page", () => {
  const files = ["contact-created", "form-submitted", "opportunity-created"].map(location);
  const trigger = '{"type": "form", "formId": "W5dWlYPG632MpHG42IQ1", "newContact": true}';
  writeFileSync(join(folder, "contact.json"), JSON.stringify({ firstName: "Dana", timezone: "America/Chicago" }));
  writeFileSync(join(folder, "events.json"), JSON.stringify([{ afterSeconds: 60, type: "tag", add: ["hot"] }]));
  const given = ["--start", "2026-11-24T23:40:00-06:00", "--trigger", trigger, "--contact", "contact.json"];
  const args = ["simulate", ...files, ...given, "--events", "events.json", "--timezone", "America/Chicago"];
  const { status, stdout } = analyze(args);
  expect(status).toBe(0);
  expect(stdout).toContain("The contact gets 2 texts and 1 email within 1 minute.");
  expect(JSON.parse(analyze([...args, "--format", "json"]).stdout).contact.tags).toEqual(["hot"]);
  expect(analyze([...args, "--format", "html", "--output", "story.html"]).status).toBe(0);
  expect(readFileSync(join(folder, "story.html"), "utf8")).toContain("Dry run");
});

test("what cannot be simulated ends with 2 and says where and what to do", () => {
  const start = ["--start", "2026-11-24T23:40:00-06:00"];
  const refused = (args: readonly string[], words: string) =>
    expect(analyze(["simulate", ...args])).toMatchObject({ status: 2, stderr: expect.stringContaining(words) });
  refused([], "Name a workflow file");
  refused([location("form-submitted")], "--start says when");
  refused([location("form-submitted"), "--start", "tonight"], "/start/at: must be an ISO instant with a zone");
  refused([location("form-submitted"), ...start, "--trigger", "{"], "--trigger takes a word");
  refused(
    [location("form-submitted"), ...start, "--trigger", "forn"],
    "/start/trigger/type: is no event that is known",
  );
  refused([location("form-submitted"), location("contact-created"), ...start], "must say what happens");
  refused(["list.json", location("contact-created"), ...start, "--trigger", "form"], "list.json");
  refused([location("form-submitted"), ...start, "--format", "svg"], "--format takes one of");
  expect(analyze(["simulate", "--help"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("--start INSTANT"),
  });
});

test("the example of the README shows the texts at night", () => {
  const readme = readFileSync(resolve(import.meta.dirname, "../../../README.md"), "utf8");
  const written = /pnpm@12 simulate ([\s\S]*?)\n```/.exec(readme)?.[1] ?? "";
  const words = [...written.replaceAll("\\\n", " ").matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? "",
  );
  const root = resolve(import.meta.dirname, "../../..");
  const args = words.flatMap((word) => (word.includes("*") ? globSync(word, { cwd: root }).sort() : [word]));
  const { status, stdout } = analyze([
    "simulate",
    ...args.map((arg) => (arg.endsWith(".json") ? join(root, arg) : arg)),
  ]);
  expect(status).toBe(0);
  expect(stdout).toContain("Tue 2026-11-24 23:40:00");
  expect(stdout).toContain("2 texts or calls come at night.");
});
