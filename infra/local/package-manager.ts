import { basename } from "node:path";
import { commandLine, isAlive, parentOf } from "./processes.ts";

const MANAGERS = new Set(["npm", "npx", "pnpm"]);
const SHELLS = new Set(["sh", "bash", "dash", "zsh"]);
const CHECK_EVERY_MS = 500;

/**
 * Calls back when the `npx pnpm …` that runs this script is gone. A package manager that is killed passes no signal on,
 * and its script would live for ever with nobody to stop it. Keeps no process alive.
 */
export function onPackageManagerGone(callback: () => void): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const chain = managersAbove(process.pid);
  const timer = setInterval(() => {
    if (chain.every((pid) => isAlive(pid))) return;
    clearInterval(timer);
    callback();
  }, CHECK_EVERY_MS);
  timer.unref();
}

/** The package managers above a process, each started by the next, with the shells between them. */
function managersAbove(pid: number): number[] {
  const chain: number[] = [];
  let shells: number[] = [];
  for (let above = parentOf(pid); above > 1; above = parentOf(above)) {
    const [program = "", script = ""] = commandLine(above).split(" ");
    const names = [program, ...(basename(program).startsWith("node") ? [script] : [])].map((word) =>
      basename(word).replace(/(-cli)?\.[cm]?js$/, ""),
    );
    if (names.some((name) => MANAGERS.has(name))) {
      chain.push(...shells, above);
      shells = [];
    } else if (SHELLS.has(basename(program))) {
      shells.push(above);
    } else break;
  }
  return chain;
}
