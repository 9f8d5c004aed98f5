/// <reference lib="dom" />
import { AxeBuilder } from "@axe-core/playwright";
import { analyze, analyzeLocation } from "@workflow-debugger/engine";
import { locationLayouts } from "@workflow-debugger/engine/layout";
import { diff, gate, render, renderComparison, renderLocation } from "@workflow-debugger/engine/report";
import { samples } from "@workflow-debugger/engine/samples";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./support/browser.ts";
import { drawnReport, REPORT_POLICY } from "./support/drawn-report.ts";
import { workflowOf } from "./support/workflows-to-draw.ts";

/** Reports as a browser shows them, under the policy with which the API serves them: no script runs. */

const ADDRESS = "https://reports.test/report";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
}, 60_000);
afterAll(() => browser.close());

/** What pages did beside showing themselves: requests, dialogs, errors. Each test ends with nothing. */
const incidents: string[] = [];
const opened: Page[] = [];
afterEach(async () => {
  for (const page of opened.splice(0)) await page.context().close();
  expect(incidents.splice(0)).toEqual([]);
});

interface Showing extends BrowserContextOptions {
  readonly type?: string;
  /** Tools that run scripts in the page cannot work under the policy. */
  readonly policy?: string | null;
}

async function show(
  body: string,
  { type = "text/html; charset=utf-8", policy = REPORT_POLICY, ...options }: Showing = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  opened.push(page);
  page.on("dialog", (dialog) => incidents.push(`dialog ${dialog.message()}`));
  page.on("pageerror", (error) => incidents.push(`error ${error.message}`));
  // The policy stops the scripts of the browser's driver, too, and the browser says so each time.
  page.on("console", (message) => {
    if (!message.text().startsWith("Blocked script execution")) incidents.push(`console ${message.text()}`);
  });
  const headers = policy === null ? {} : { "Content-Security-Policy": policy };
  await context.route("**", async (route) => {
    if (route.request().url() === ADDRESS) return route.fulfill({ body, contentType: type, headers });
    incidents.push(`request ${route.request().url()}`);
    return route.abort();
  });
  await page.goto(ADDRESS);
  return page;
}

const critical = drawnReport(samples.critical, "html");
const comparison = renderComparison(diff(analyze(samples.medium), analyze(samples.critical)));

/** Two workflows that start each other, the samples, and more of them, which nothing ties. */
function locationPage(): string {
  const tagged = (id: string, hears: string, adds: string) => ({
    id,
    name: `Hears ${hears}`,
    status: "published",
    allowMultiple: true,
    triggers: [{ type: "tag", conditions: { tag: hears } }],
    actions: [
      { id: "off", type: "remove_tag", config: { tags: [hears] } },
      { id: "on", type: "add_tag", config: { tags: [adds] } },
    ],
  });
  const more = Array.from({ length: 12 }, (_, at) => ({ ...Object(samples.healthy), id: `more-${at}` }));
  const report = analyzeLocation([
    tagged("a", "hot", "sales"),
    tagged("b", "sales", "hot"),
    samples.critical,
    samples.medium,
    ...more,
  ]);
  return renderLocation(report, locationLayouts(report).pro, "html");
}

const location = locationPage();

describe("choosing a finding", { timeout: 30_000 }, () => {
  test("opens it alone, shows its way with the time at each hop, and brings its fault into view", async () => {
    const page = await show(critical);
    const canvas = page.locator(".canvas");
    expect(await page.locator(".trace:visible").count()).toBe(0);
    await page.locator("#finding-3 summary").click();
    await page.locator("#finding-9 summary").click();
    expect(await page.locator(".finding[open]").count()).toBe(1);
    expect(await page.locator(".trace:visible").getAttribute("id")).toBe("trace-9");
    const times = await page.locator("#trace-9 .time-text").allTextContents();
    expect(times).toHaveLength(await page.locator("#finding-9 .way li").count());
    expect(times[0]).toBe("at once");
    const fault = page.locator("#trace-9 use[href^='#step-']").last();
    await expect.poll(async () => isInside(await fault.boundingBox(), await canvas.boundingBox()), PATIENCE).toBe(true);
    await page.locator("#finding-9 summary").click();
    expect(await page.locator(".trace:visible").count()).toBe(0);
  });

  test("leaves the reader free to scroll afterwards", async () => {
    const page = await show(drawnReport(workflowOf(60), "html"));
    await page.locator("#finding-2 summary").click();
    const canvas = page.locator(".canvas");
    await expect
      .poll(() => canvas.evaluate((element) => getComputedStyle(element).scrollSnapType), PATIENCE)
      .toBe("none");
    const before = await canvas.evaluate((element) => element.scrollTop);
    await canvas.evaluate((element) => element.scrollBy({ top: -120, behavior: "instant" }));
    expect(await canvas.evaluate((element) => element.scrollTop)).toBe(before - 120);
  });

  test("works from its mark on the drawing, and a hop leads to its step there", async () => {
    const page = await show(critical);
    await page.locator(".drawing a[href='#finding-8-text']").click();
    expect(await page.locator("#finding-8").getAttribute("open")).toBe("");
    await page.locator("#finding-8 .way a").last().click();
    expect(await page.locator(".step:target .title").textContent()).toMatch(/^Wait for the skin/);
  });

  test("works from the repairs at the top", async () => {
    const page = await show(critical);
    await page.locator(".first a").nth(1).click();
    expect(await page.locator(".finding[open] h3").textContent()).toBe(
      await page.locator(".first h3").nth(1).textContent(),
    );
  });

  test("needs no mouse: marks, sizes, findings and the drawing are reached and worked by keys", async () => {
    const page = await show(critical);
    await page.locator("#size-full").focus();
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator("#size-half").isChecked()).toBe(true);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("canvas");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.locator(".finding[open]").count()).toBe(1);
    await page.locator("#finding-5 summary").focus();
    await page.keyboard.press("Space");
    expect(await page.locator(".finding[open]").getAttribute("id")).toBe("finding-5");
  });
});

/** A machine with much to do draws late. */
const PATIENCE = { timeout: 10_000 };

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function isInside(inner: Rectangle | null, outer: Rectangle | null): boolean {
  if (inner === null || outer === null) return false;
  const { x, y, width, height } = inner;
  return x >= outer.x && y >= outer.y && x + width <= outer.x + outer.width && y + height <= outer.y + outer.height;
}

describe("the drawing", { timeout: 30_000 }, () => {
  test.each([5, 60, 300])(
    "of %i steps has every step, begins at its trigger, and no text leaves its box",
    async (size) => {
      const page = await show(drawnReport(workflowOf(size), "html"));
      expect(await page.locator("#workflow > .step").count()).toBe(size + 1);
      const canvas = page.locator(".canvas");
      await expect
        .poll(
          async () =>
            isInside(await page.locator("#workflow > .trigger .card").boundingBox(), await canvas.boundingBox()),
          PATIENCE,
        )
        .toBe(true);
      const loose = await page.locator("#workflow > .step").evaluateAll((steps) =>
        steps.flatMap((step) => {
          const card = step.querySelector(".card")?.getBoundingClientRect();
          return [...step.querySelectorAll("text.title, text.detail")]
            .filter((text) => card === undefined || text.getBoundingClientRect().right > card.right)
            .map((text) => text.textContent);
        }),
      );
      expect(loose).toEqual([]);
      const title = page.locator("#workflow .title").first();
      expect(Number.parseFloat(await title.evaluate((text) => getComputedStyle(text).fontSize))).toBeGreaterThanOrEqual(
        13,
      );
      expect((await title.boundingBox())?.height).toBeGreaterThanOrEqual(13);
    },
  );

  test("of 800 steps shows the faults and folds the rest", async () => {
    const page = await show(drawnReport(workflowOf(800), "html"));
    const findings = await page.locator(".list .finding").count();
    expect(findings).toBeGreaterThan(20);
    expect(await page.locator("#workflow > .fold").count()).toBeGreaterThan(5);
    expect(await page.locator(".hint").textContent()).toMatch(/\d+ other steps are folded/);
    await page.locator("#finding-20 summary").click();
    expect(await page.locator("#trace-20").isVisible()).toBe(true);
  });

  test("is seen whole at the size that is called so", async () => {
    const page = await show(drawnReport(workflowOf(300), "html"));
    await page.locator("#size-whole").check({ force: true });
    expect(await page.locator(".canvas").evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  });

  test("as SVG alone is well-formed, follows the reader's colour scheme, and shows the marks", async () => {
    const svg = drawnReport(samples.critical, "svg");
    const ground = async (colorScheme: "light" | "dark") => {
      const page = await show(svg, { type: "image/svg+xml; charset=utf-8", colorScheme });
      expect(await page.evaluate(() => document.documentElement.nodeName)).toBe("svg");
      expect(await page.locator(".mark").count()).toBeGreaterThan(12);
      return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    };
    expect(await ground("light")).not.toBe(await ground("dark"));
  });
});

describe("whoever reads it", { timeout: 60_000 }, () => {
  test.each(["light", "dark"] as const)("finds no accessibility violation in %s", async (colorScheme) => {
    for (const text of [
      critical,
      comparison,
      location,
      drawnReport(samples.medium, "html", { plan: "free", brand: { name: "Northwind", colour: "#ffd400" } }),
    ]) {
      const page = await show(text, { colorScheme, policy: null });
      await page.locator(".finding summary").first().click();
      const { violations } = await new AxeBuilder({ page })
        .options({ resultTypes: ["violations"], preload: false })
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    }
  });

  test("on paper sees every finding open, light, in pages that are not torn inside a finding", async () => {
    const page = await show(critical, { colorScheme: "dark" });
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThanOrEqual(5);
    expect(pages).toBeLessThanOrEqual(10);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
    for (const text of await page.locator(".finding .inside > p").all()) expect(await text.isVisible()).toBe(true);
    expect(
      await page
        .locator(".finding")
        .first()
        .evaluate((card) => getComputedStyle(card).breakInside),
    ).toBe("avoid");
    expect(await page.locator(".canvas").isVisible()).toBe(false);
    expect(await page.locator(".part").first().isVisible()).toBe(true);
  });

  test("on a telephone scrolls in one direction only", async () => {
    for (const text of [critical, comparison, location]) {
      const page = await show(text, { viewport: { width: 360, height: 740 } });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    }
  });

  test("sees whose report it is: name, logo and colour", async () => {
    const logo = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#0a7d5c"/></svg>').toString("base64")}`;
    const page = await show(
      drawnReport(samples.healthy, "html", { brand: { name: "Northwind", logo, colour: "#0a7d5c" } }),
    );
    const picture = page.getByRole("img", { name: "Northwind" });
    expect(await picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth)).toBe(120);
    expect(await page.evaluate(() => getComputedStyle(document.body).borderTopColor)).toBe("rgb(10, 125, 92)");
    const svg = drawnReport(samples.healthy, "svg", { brand: { name: "Northwind", logo, colour: "#0a7d5c" } });
    const drawing = await show(svg, { type: "image/svg+xml; charset=utf-8" });
    expect(await drawing.locator("#brand image title").textContent()).toBe("Northwind");
    expect((await drawing.locator("#brand rect").boundingBox())?.height).toBe(6);
    const band = await drawing.locator("#brand").boundingBox();
    const trigger = await drawing.locator("#workflow > .trigger").first().boundingBox();
    expect((band?.y ?? 0) + (band?.height ?? 0)).toBeLessThanOrEqual(trigger?.y ?? 0);
  });
});

test("the page of a location shows its map with the circle marked, on screen and on paper", {
  timeout: 30_000,
}, async () => {
  const page = await show(location);
  expect(await page.locator(".map .edge.ring").count()).toBe(2);
  await page.locator(".map a", { hasText: "Hears hot" }).first().click();
  expect(await page.locator("tr:target td").first().textContent()).toBe("Hears hot");
  await page.locator("#finding-1 summary").click();
  expect(await page.locator("#finding-1 .way li").allTextContents()).toHaveLength(2);
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".map .canvas").isVisible()).toBe(true);
});

test("the comparison shows what is fixed, new and unchanged side by side", { timeout: 30_000 }, async () => {
  const page = await show(comparison);
  const columns = await Promise.all((await page.locator(".column").all()).map((column) => column.boundingBox()));
  expect(columns).toHaveLength(3);
  expect(new Set(columns.map((column) => column?.y)).size).toBe(1);
  expect(await page.locator(".dial .figure").allTextContents()).toEqual(["22", "0"]);
  await page.locator(".column.new .finding summary").first().click();
  expect(await page.locator(".column.new .finding[open] .inside").isVisible()).toBe(true);
});

describe("hostile names, texts and addresses", { timeout: 30_000 }, () => {
  const attacks = [
    `</title></style></svg><script>alert(1)</script>`,
    `"><img src=x onerror=alert(2)>`,
    `' onmouseover='alert(3)`,
    `]]><svg onload=alert(4)><foreignObject><body onload=alert(5)>`,
    `<a href="javascript:alert(6)">x</a>javascript:alert(7)`,
    `&lt;script&gt;alert(8)&lt;/script&gt;`,
    `url(https://evil.test/a.png);}*{background:url(https://evil.test/b.png)}`,
    `\u202Egnp.exe\u2066 \u0000\u0008 \uD800 {{constructor}} \${7*7}`,
    `<!--<base href="https://evil.test/"><meta http-equiv="refresh" content="0;url=https://evil.test/">`,
  ];
  const hostile = {
    id: attacks[0],
    name: attacks.join(" "),
    status: attacks[1],
    triggers: attacks.map((text, at) => ({ id: `t${at}${text}`, type: text, name: text })),
    nodes: attacks.flatMap((text, at) => [
      { id: `a${at}`, type: "if_else", name: text, config: {} },
      { id: `b${at}${text}`, type: "sms", name: text, config: { body: text } },
      { id: `c${at}`, type: "webhook", name: text, config: { url: `javascript:${text}`, method: "POST" } },
      { id: `d${at}`, type: "email", name: text, config: { subject: text, html: text, from_email: text } },
      { id: `e${at}`, type: text, name: text, config: { [text]: text } },
    ]),
    connections: attacks.flatMap((text, at) => [
      { from: `a${at}`, to: `b${at}${text}`, branch: text },
      { from: `a${at}`, to: `c${at}`, branch: `${text} too` },
      { from: `c${at}`, to: `d${at}` },
      { from: `d${at}`, to: `nowhere ${text}` },
    ]),
  };
  const hostileBrand = { name: attacks[1] ?? "", logo: `x" onerror="alert(9)`, colour: "red;}body{display:none" };

  /** What a page holds that could act; nothing may come of any text. */
  const dangers = (page: Page) =>
    page.evaluate(() =>
      [...document.querySelectorAll("*")].flatMap((element) => {
        const name = element.nodeName.toLowerCase();
        const found = ["script", "foreignobject", "iframe", "object", "embed", "base", "link", "form"].includes(name)
          ? [name]
          : [];
        for (const { name: attribute, value } of element.attributes) {
          if (attribute.startsWith("on")) found.push(`${name} ${attribute}`);
          if (/(^|:)(href|src)$/.test(attribute) && !/^#|^https?:\/\//.test(value))
            found.push(`${name} ${attribute}=${value}`);
        }
        return found;
      }),
    );

  const plain = analyze(hostile);
  const reports = {
    html: drawnReport(hostile, "html", { brand: hostileBrand }),
    "html on the free plan": drawnReport(hostile, "html", { plan: "free", brand: hostileBrand }),
    comparison: renderComparison(diff(analyze(samples.medium), withAttacks(plain)), { brand: hostileBrand }),
  };

  test.each(Object.entries(reports))("stay words in the %s, with the policy and without", async (_, text) => {
    for (const policy of [REPORT_POLICY, null]) {
      const page = await show(text, { policy });
      expect(await dangers(page)).toEqual([]);
      expect(await page.locator("h1").textContent()).toContain("<script>alert(1)</script>");
      expect(await page.evaluate(() => getComputedStyle(document.body).display)).toBe("block");
    }
  });

  test("stay words in the SVG", async () => {
    const page = await show(drawnReport(hostile, "svg", { brand: hostileBrand }), {
      type: "image/svg+xml",
      policy: null,
    });
    expect(await page.locator("parsererror").count()).toBe(0);
    expect(await dangers(page)).toEqual([]);
    expect(await page.locator("#drawing-title").textContent()).toContain("<script>alert(1)</script>");
  });

  test("an upgrade link is one only where it leads to http or https", async () => {
    const gated = (checkoutUrl: string) => render(gate(plain, "free", { checkoutUrl }), null, null, "html");
    expect(
      await (await show(gated("https://app.example.com/upgrade?a=1&b=2"))).locator(".upgrade a").getAttribute("href"),
    ).toBe("https://app.example.com/upgrade?a=1&b=2");
    for (const address of ["javascript:alert(1)", "data:text/html,x", "//evil.test", " java\tscript:alert(1)"]) {
      expect(await (await show(gated(address))).locator(".upgrade a").count()).toBe(0);
    }
  });

  /** The worst report: every text of a finding is an attack. */
  function withAttacks(report: ReturnType<typeof analyze>): ReturnType<typeof analyze> {
    const issues = report.issues.map((issue, index) => {
      const text = attacks[index % attacks.length] ?? "";
      return { ...issue, title: text, message: text, impact: text, fix: text, code: text };
    });
    return { ...report, issues };
  }
});
