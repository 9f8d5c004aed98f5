/**
 * `pnpm audit:dependencies [--registry ADDRESS]`: asks a registry for known weaknesses, high or critical, of everything in the lock file.
 * Exit codes: 0 none known, 1 some, 2 the registry gave no answer and nothing was audited.
 */
import { spawnSync } from "node:child_process";
import { checkout } from "../local/checkout.ts";

const words = ["audit", "--audit-level", "high", ...process.argv.slice(2)];
const { status, stdout, stderr, error } = spawnSync("pnpm", words, { cwd: checkout, encoding: "utf8" });
process.stdout.write(stdout ?? "");
// pnpm ends with 1 either way.
if (status === 0) process.exitCode = 0;
else if (/vulnerabilities found/.test(stdout ?? "")) process.exitCode = 1;
else {
  const reason = error?.message ?? stderr.trim();
  console.error(`${reason}

NOTHING WAS AUDITED: the registry that this machine installs from answers no audits, as many mirrors do not, or was not reached.
Ask one that does: pnpm audit:dependencies --registry <the address of the public npm registry>.`);
  process.exitCode = 2;
}
