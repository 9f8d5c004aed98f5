import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { samples } from "@workflow-debugger/engine/samples";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { cacheFolder, checkout } from "../local/checkout.ts";
import { findFreePort } from "../local/free-port.ts";
import { findPrometheus, type PrometheusServer, type PrometheusTools, startPrometheus } from "../local/prometheus.ts";
import { type Services, startServices } from "./support/services.ts";

/**
 * Dashboards and alerts as files, held against a real Prometheus that scrapes real processes under load: a query that gives
 * nothing there would give nothing in the worst hour either.
 */

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook_url: string };
}
interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const folder = join(checkout, "infra/observability");
const rulesFile = join(folder, "alerts.yml");
const alerts: readonly Alert[] = parse(readFileSync(rulesFile, "utf8")).groups.flatMap(
  (group: { rules: Alert[] }) => group.rules,
);
const dashboards = readdirSync(join(folder, "dashboards")).map((file) => ({
  file,
  ...(JSON.parse(readFileSync(join(folder, "dashboards", file), "utf8")) as { uid: string; panels: readonly Panel[] }),
}));
const panels = dashboards.flatMap(({ file, panels }) =>
  panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: `${file}: ${title}`, expr }))),
);
/** An alert says something only while it fires: with `bool` its comparison always answers, 0 or 1. */
const answering = (expr: string) => expr.replace(/([<>])( [\d.]+)$/, "$1 bool$2");
const OPS_TOKEN = "the-operators-of-the-tests";

let tools: PrometheusTools;
beforeAll(async () => {
  tools = await findPrometheus(cacheFolder);
}, 120_000);

describe("alerts", () => {
  it("are rules that Prometheus takes", () => {
    const { status, stdout, stderr } = spawnSync(tools.promtool, ["check", "rules", rulesFile], { encoding: "utf8" });
    expect(`${stdout}${stderr}`).toContain(`SUCCESS: ${alerts.length} rules found`);
    expect(status).toBe(0);
  });

  it("each have a section of the runbook, and the runbook has no other", () => {
    const runbook = readFileSync(join(checkout, "docs/RUNBOOK.md"), "utf8");
    const sections = [...runbook.matchAll(/^### (\w+)$/gm)].map(([, name = ""]) => name);
    expect(sections.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    for (const { alert, annotations } of alerts)
      expect(annotations.runbook_url).toBe(`docs/RUNBOOK.md#${alert.toLowerCase()}`);
  });

  it("compare with a number, as the test of their queries needs", () => {
    expect(alerts.filter(({ expr }) => answering(expr) === expr).map(({ alert }) => alert)).toEqual([]);
  });
});

describe("dashboards", () => {
  it("have titles, one identity each, and no panel without a query", () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    const titles = dashboards.flatMap(({ file, panels }) => panels.map(({ title }) => `${file} ${title}`));
    expect(new Set(titles).size).toBe(titles.length);
    expect(panels.filter(({ expr }) => expr.trim() === "")).toEqual([]);
  });
});

describe("under load", () => {
  const [backend] = queueBackends;
  if (backend === undefined) throw new Error("there is no queue backend");
  let services: Services;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    const port = await findFreePort();
    services = await startServices(backend, { OPS_TOKEN, WORKER_PORT: String(port) });
    services.startWorker();
    prometheus = await startPrometheus(tools, (own) => {
      const token = join(own, "token");
      writeFileSync(token, OPS_TOKEN);
      return [
        "global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 5s }",
        `rule_files: [${JSON.stringify(rulesFile)}]`,
        "scrape_configs:",
        "  - job_name: workflow-debugger",
        `    authorization: { credentials_file: ${JSON.stringify(token)} }`,
        `    static_configs: [{ targets: ["${new URL(services.url).host}", "127.0.0.1:${port}"] }]`,
      ].join("\n");
    });
  }, 60_000);
  afterAll(async () => {
    await prometheus.stop();
    await services.stop();
  }, 30_000);

  async function query(expr: string): Promise<readonly unknown[]> {
    const answer = await fetch(`${prometheus.url}/api/v1/query`, {
      method: "POST",
      body: new URLSearchParams({ query: expr }),
    });
    const { status, error, data } = (await answer.json()) as {
      status: string;
      error?: string;
      data?: { result: readonly unknown[] };
    };
    if (status !== "success") throw new Error(`${expr}: ${error}`);
    return data?.result ?? [];
  }

  async function analyse(): Promise<void> {
    const answer = await fetch(`${services.url}/api/analyze`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${services.apiKey}`,
        "content-type": "application/json",
        prefer: "wait=10",
      },
      body: JSON.stringify({ workflow: { ...(samples.medium as object), id: randomUUID() } }),
    });
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  }

  it("every query of a dashboard and of an alert gives data, and no alert fires", async () => {
    const empty = async () => {
      await Promise.all(Array.from({ length: 4 }, analyse));
      await fetch(`${services.url}/health`);
      const all = [...panels, ...alerts.map(({ alert, expr }) => ({ where: `alert ${alert}`, expr: answering(expr) }))];
      const results = await Promise.all(all.map(async (each) => ({ ...each, series: await query(each.expr) })));
      return results.filter(({ series }) => series.length === 0).map(({ where, expr }) => `${where}: ${expr}`);
    };
    await vi.waitFor(async () => expect(await empty()).toEqual([]), { timeout: 40_000, interval: 500 });
    const firing = await Promise.all(alerts.map(async ({ alert, expr }) => ({ alert, series: await query(expr) })));
    expect(firing.filter(({ series }) => series.length > 0).map(({ alert }) => alert)).toEqual([]);
  }, 60_000);
});
