import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

/**
 * Flags of the package, made for short-lived machines, that would switch off what tests are about (origins, mixed
 * content), or end the whole browser with one of its pages.
 */
const UNWANTED = new Set([
  "--disable-web-security",
  "--allow-running-insecure-content",
  "--single-process",
  "--in-process-gpu",
  "--no-zygote",
]);

/** A real browser, from npm: nothing has to be installed on the machine. */
export async function startBrowser(): Promise<Browser> {
  return playwright.launch({
    args: chromium.args.filter((flag) => !UNWANTED.has(flag)),
    executablePath: await chromium.executablePath(),
    headless: true,
  });
}
