import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { locationScenarios, readFixture } from "../../fixtures/scenarios.ts";
import { cleanLocation } from "../../test/clean-location.ts";
import schema from "../../test/schemas/sarif-2.1.0.json" with { type: "json" };
import { analyzeLocation } from "../analyze-location.ts";
import { locationLayouts } from "../layout.ts";
import { gateLocation, locationLayoutFor, type Plan, renderLocation } from "../report.ts";
import { addTag, flow, handTo, onForm, onTag, text } from "../rules/location-example.ts";
import { escapeMarkup } from "./markup.ts";

const stories = [...new Set(locationScenarios.flatMap(({ workflows }) => workflows.map(({ file }) => file)))];
const report = analyzeLocation(stories.map(readFixture));
const layouts = locationLayouts(report);
const options = { checkoutUrl: "https://pay.example/checkout" };
const written = (plan: Plan, format: "html" | "md" | "json" | "sarif") =>
  renderLocation(gateLocation(report, plan, options), locationLayoutFor(layouts, plan), format, { date: "2026-11-25" });

describe("the page", () => {
  const page = written("pro", "html");

  test("needs nothing from outside and runs no script", () => {
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|<link|@import|url\((?!#)|<iframe/i);
    expect(page.match(/(?:src|href)="(?!#)[^"]*"/g) ?? []).toEqual([]);
  });

  test("names every workflow, every finding between them with its hops, and where everything is used", () => {
    for (const { name } of report.map.workflows) expect(page).toContain(escapeMarkup(name));
    for (const { title, hops } of report.issues) {
      expect(page).toContain(escapeMarkup(title));
      for (const { stepName } of hops) expect(page).toContain(escapeMarkup(stepName));
    }
    expect(page).toContain("adds the tag &quot;hot&quot;");
    expect(page.match(/class="edge ring"/g)).toHaveLength(2);
    expect(page).toContain('id="references"');
  });

  test("links lead to places of the page", () => {
    const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids.has(target), target).toBe(true);
    expect(ids.size).toBe([...page.matchAll(/\sid="([^"]+)"/g)].length);
  });

  test("shows the free plan three issues, no tie and no references, and where to upgrade", () => {
    const free = written("free", "html");
    expect(free.match(/class="finding /g)?.length ?? 0).toBeLessThanOrEqual(3);
    expect(free).not.toContain('id="references"');
    expect(free).not.toContain("takes out");
    expect(free).toContain("https://pay.example/checkout");
  });

  test("escapes every text of the workflows", () => {
    const evil = '<script>alert("x")</script>';
    const hostile = analyzeLocation([
      flow("a", onTag(`${evil}2`), [addTag(evil)], { name: evil }),
      flow("b", onTag(evil), [{ ...addTag(`${evil}2`), name: evil }], { name: evil, status: evil }),
      { workflow: { id: "c", name: evil, status: "draft" } },
    ]);
    for (const format of ["html", "md"] as const)
      expect(renderLocation(hostile, locationLayouts(hostile).pro, format)).not.toMatch(/<script/i);
  });

  test("says so when there is no map, no workflow, and nothing wrong", () => {
    const empty = renderLocation(analyzeLocation([]), null, "html");
    expect(empty).toContain("without its map");
    expect(empty).toContain("do not get in each other");
  });
});

test("the report as Markdown reads as a whole", async () => {
  await expect(written("pro", "md")).toMatchFileSnapshot("../../test/__snapshots__/location.md");
});

test("SARIF is valid and holds a run for what lies between the workflows and one for each of them", () => {
  const { $schema: _draft, id: _id, ...rest } = schema;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(rest);
  const log = JSON.parse(written("pro", "sarif"));
  expect(validate(log) ? [] : validate.errors).toEqual([]);
  expect(log.runs).toHaveLength(1 + stories.length);
  expect(log.runs[0].automationDetails.id).toBe("location");
  expect(log.runs[0].results.length).toBe(report.issues.length + report.notes.length);
});

test("JSON holds the whole report", () => {
  expect(JSON.parse(written("pro", "json"))).toEqual(report);
});

describe("the map", () => {
  const overlaps = ({ nodes, box }: typeof layouts.pro) =>
    nodes.flatMap((a, at) =>
      nodes.slice(at + 1).filter((b) => Math.abs(a.x - b.x) < box.width && Math.abs(a.y - b.y) < box.height),
    );

  test("draws every workflow of a small location in a place of its own, inside the picture", () => {
    for (const given of [report, analyzeLocation(cleanLocation)]) {
      const { pro } = locationLayouts(given);
      expect(pro.nodes.map(({ id }) => id)).toEqual(given.map.workflows.map(({ id }) => id));
      expect(overlaps(pro)).toEqual([]);
      for (const { x, y } of pro.nodes) {
        expect(x >= 0 && x + pro.box.width <= pro.width).toBe(true);
        expect(y >= 0 && y + pro.box.height <= pro.height).toBe(true);
      }
      expect(pro.folded).toBe(0);
    }
  });

  test("of five hundred workflows draws those around the findings, no wider than a page", () => {
    const many = Array.from({ length: 490 }, (_, at) => flow(`m${at}`, onForm(`f${at}`), [text]));
    const large = analyzeLocation([...stories.map(readFixture), ...many]);
    const { pro } = locationLayouts(large);
    expect(pro.nodes.length).toBeLessThanOrEqual(60);
    expect(pro.folded).toBe(large.map.workflows.length - pro.nodes.length);
    const drawn = new Set(pro.nodes.map(({ id }) => id));
    for (const { hops } of large.issues.filter(({ code }) => code.startsWith("XWF")))
      for (const { workflowId } of hops) expect(drawn.has(workflowId)).toBe(true);
    expect(pro.width).toBeLessThan(1700);
    expect(overlaps(pro)).toEqual([]);
  });

  test("of a hub stands its leaves in columns", () => {
    const leaves = Array.from({ length: 30 }, (_, at) => flow(`leaf${at}`, [], [text]));
    const hub = flow(
      "hub",
      onForm("f"),
      leaves.map((_, at) => ({ ...handTo(`leaf${at}`), id: `add${at}` })),
    );
    const { pro } = locationLayouts(analyzeLocation([hub, ...leaves]));
    expect(pro.width).toBeLessThan(1700);
    expect(overlaps(pro)).toEqual([]);
    expect(pro.edges).toHaveLength(30);
  });
});
