/// <reference lib="dom" />
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { analyze } from "@workflow-debugger/engine";
import { diff, renderComparison } from "@workflow-debugger/engine/report";
import { samples } from "@workflow-debugger/engine/samples";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { checkout } from "../local/checkout.ts";
import { startBrowser } from "../test/support/browser.ts";
import { drawnReport, REPORT_POLICY } from "../test/support/drawn-report.ts";
import { workflowOf } from "../test/support/workflows-to-draw.ts";

/** `pnpm report-pictures [--to FOLDER]`: photographs the reports of docs/reports in a real Chromium. */

interface Picture {
  readonly name: string;
  readonly html: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly look?: Pick<BrowserContextOptions, "colorScheme">;
  readonly print?: true;
  /** The finding that is open on it, from 1. */
  readonly finding?: number;
  /** Words at the top of it: the heading of a part of the page; the page's own top when absent. */
  readonly from?: string;
}

const SCREEN = { width: 1280, height: 1000 };
/** The width of A4 between its margins, at 96 pixels per inch. */
const PAPER = { width: 690, height: 1000 };
const drawing = { finding: 1, from: "The workflow and its faults" };
/** Above the heading that a picture begins with. */
const MARGIN = 16;
const ADDRESS = "https://reports.test/report";
/** Of WebP, in hundredths: text stays sharp and a picture below about 100 kB. */
const QUALITY = 60;

function pictures(): readonly Picture[] {
  const sizes = [5, 60, 300].flatMap((steps): readonly Picture[] => {
    const html = drawnReport(workflowOf(steps), "html");
    return [
      { name: `${steps}-steps-light`, html, size: SCREEN, ...drawing, look: { colorScheme: "light" } },
      { name: `${steps}-steps-dark`, html, size: SCREEN, ...drawing, look: { colorScheme: "dark" } },
      { name: `${steps}-steps-print`, html, size: PAPER, print: true },
    ];
  });
  const comparison = renderComparison(diff(analyze(samples.medium), analyze(samples.critical)));
  return [
    {
      name: "report-light",
      html: drawnReport(samples.critical, "html"),
      size: { width: 1280, height: 1500 },
      finding: 3,
    },
    ...sizes,
    { name: "comparison", html: comparison, size: { width: 1280, height: 800 } },
  ];
}

async function photograph(browser: Browser, { html, size, look = {}, print, finding, from }: Picture): Promise<Buffer> {
  const context = await browser.newContext({ viewport: size, ...look });
  try {
    const page = await context.newPage();
    await context.route("**", (route) =>
      route.request().url() === ADDRESS
        ? route.fulfill({
            body: html,
            contentType: "text/html; charset=utf-8",
            headers: { "Content-Security-Policy": REPORT_POLICY },
          })
        : route.abort(),
    );
    await page.goto(ADDRESS);
    if (print === true) await page.emulateMedia({ media: "print" });
    if (finding !== undefined) await openFinding(page, finding);
    await goTo(page, from);
    const session = await context.newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
    return Buffer.from(data, "base64");
  } finally {
    await context.close();
  }
}

/** Opens a finding, as a reader does; the drawing follows by style alone. */
async function openFinding(page: Page, finding: number): Promise<void> {
  await page.locator(`#finding-${finding} summary`).click();
  await page.locator(`#trace-${finding}`).waitFor({ state: "visible" });
}

async function goTo(page: Page, heading: string | undefined): Promise<void> {
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  if (heading === undefined) return;
  const place = await page.getByRole("heading", { name: heading }).boundingBox();
  await page.evaluate((top) => scrollBy({ top, behavior: "instant" }), (place?.y ?? 0) - MARGIN);
}

const { values } = parseArgs({ options: { to: { type: "string" } } });
const folder = values.to ?? join(checkout, "docs/reports");
mkdirSync(folder, { recursive: true });
const browser = await startBrowser();
try {
  for (const picture of pictures()) {
    const bytes = await photograph(browser, picture);
    writeFileSync(join(folder, `${picture.name}.webp`), bytes);
    console.log(`${picture.name}.webp  ${Math.round(bytes.length / 1000)} kB`);
  }
} finally {
  await browser.close();
}
