import { type Browser, chromium } from "playwright-core";
import { unpackChromium } from "./unpack-chromium.ts";

/**
 * A headless Chromium. It comes with `pnpm install` and needs nothing of the system; `CHROMIUM_PATH` names another one to
 * use instead. Where none can run, this throws and says why: tests in a browser are never skipped.
 */
export async function startBrowser(): Promise<Browser> {
  const given = process.env["CHROMIUM_PATH"];
  const { program, environment } = given ? { program: given, environment: {} } : ownBrowser();
  try {
    return await chromium.launch({
      executablePath: program,
      // Its sandbox needs rights that root and containers lack; it shows pages of our own only.
      chromiumSandbox: false,
      args: ["--font-render-hinting=none", "--disable-dev-shm-usage"],
      env: { ...process.env, ...environment },
    });
  } catch (cause) {
    throw new Error(
      `Chromium (${program}) could not start, and the reports must be seen in a real browser. Set CHROMIUM_PATH to one that runs here.`,
      { cause },
    );
  }
}

function ownBrowser() {
  const { program, libraries, fontSettings } = unpackChromium();
  return { program, environment: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fontSettings } };
}
