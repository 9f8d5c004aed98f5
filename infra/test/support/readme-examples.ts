import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../local/checkout.ts";

/** What a code block of the README printed. */
export interface Printed {
  readonly block: string;
  readonly answers: readonly { readonly success: boolean; readonly data: unknown }[];
}

/**
 * Pastes the README's curl examples into one shell in the checkout, with the stack's own address and data folder in the place
 * of the default ones.
 */
export function runCurlExamples(stack: { readonly url: string; readonly dataFolder: string }): readonly Printed[] {
  const readme = readFileSync(join(checkout, "README.md"), "utf8");
  const section = readme.split(/^## /m).find((part) => part.startsWith("Try it with curl")) ?? "";
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) =>
    block
      .replace("http://127.0.0.1:3000", stack.url)
      .replace(".data/secrets.json", join(stack.dataFolder, "secrets.json")),
  );
  const end = "── end of block ──";
  const script = [curl(), ...blocks.flatMap((block) => [block, `echo; echo '${end}'`])].join("\n");
  const run = spawnSync("sh", ["-e", "-c", script], { cwd: checkout, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`an example ended with ${run.status}: ${run.stderr}`);
  const printed = run.stdout.split(end);
  return blocks.map((block, index) => ({
    block,
    answers: (printed[index] ?? "")
      .replaceAll("}{", "}\n{")
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((text) => JSON.parse(text)),
  }));
}

/** A bare machine may have no curl; the stand-in knows the options that the examples use. */
function curl(): string {
  if (spawnSync("curl", ["--version"]).status === 0) return "";
  return `curl() { "${process.execPath}" "${join(import.meta.dirname, "curl.ts")}" "$@"; }`;
}
