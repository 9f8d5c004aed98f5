import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../local/checkout.ts";

/** A browser on disk, and what it needs beside the C library: its own copies of everything else. */
export interface UnpackedChromium {
  readonly program: string;
  readonly libraries: string;
  readonly fontSettings: string;
}

const PACKAGE = "@sparticuz/chromium";
/** Makes the package unpack the libraries that a minimal system lacks, too. */
const MINIMAL_SYSTEM = { AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
const FONT_SETTINGS = "fonts.conf";
const UNPACK = `import("${PACKAGE}").then(({ default: chromium }) => chromium.executablePath())`;

/**
 * Unpacks the Chromium that npm delivered into the cache folder, once for each version; several test processes may do so at
 * the same time. The package itself unpacks to the folder for temporary files, so it runs in a process with one of its own.
 */
export function unpackChromium(folder = cacheFolder): UnpackedChromium {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      `${PACKAGE} is a build for Linux on x64, and this is ${process.platform} on ${process.arch}: set CHROMIUM_PATH to a Chromium of version ${versionOf(PACKAGE)} or newer.`,
    );
  }
  const unpacked = join(folder, `chromium-${versionOf(PACKAGE)}`);
  if (!existsSync(unpacked)) {
    mkdirSync(folder, { recursive: true });
    const work = mkdtempSync(join(folder, "chromium-"));
    try {
      unpackTo(work);
      writeFileSync(join(work, FONT_SETTINGS), fontSettings(join(unpacked, "fonts")));
      moveInto(work, unpacked);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return {
    program: join(unpacked, "chromium"),
    libraries: join(unpacked, "al2023", "lib"),
    fontSettings: join(unpacked, FONT_SETTINGS),
  };
}

function unpackTo(work: string): void {
  const { status, stderr, error } = spawnSync(process.execPath, ["-e", UNPACK], {
    cwd: dirname(fileURLToPath(import.meta.url)),
    env: { ...process.env, ...MINIMAL_SYSTEM, TMPDIR: work },
    encoding: "utf8",
    timeout: 120_000,
  });
  if (status !== 0 || !existsSync(join(work, "chromium"))) {
    throw new Error(`Chromium could not be unpacked to ${work}: ${error?.message ?? stderr.trim()}`);
  }
  // Whoever runs the tests next may be another user.
  chmodSync(work, 0o755);
  chmodSync(join(work, "chromium"), 0o755);
}

/** A process that was faster has unpacked the same. */
function moveInto(work: string, unpacked: string): void {
  try {
    renameSync(work, unpacked);
  } catch (error) {
    if (!existsSync(join(unpacked, "chromium"))) throw error;
  }
}

/** The fonts that the package brings and no others, so that pages look alike on every machine. */
function fontSettings(fonts: string): string {
  return `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir><cachedir prefix="xdg">workflow-debugger-fonts</cachedir></fontconfig>`;
}

function versionOf(name: string): string {
  const entry = fileURLToPath(import.meta.resolve(name));
  return JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8")).version;
}
