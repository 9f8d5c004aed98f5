import { basename } from "node:path";
import { commandLine, isAlive, parentOf } from "./processes.ts";

const SHELLS = new Set(["sh", "bash", "dash", "zsh"]);
const NPM = new Set(["npm", "npx"]);
const MANAGERS = new Set([...NPM, "pnpm"]);
const CHECK_EVERY_MS = 500;

interface Ancestor {
  readonly pid: number;
  /** Of the program, or of the script that Node runs: `npx`, `pnpm`, `sh`. */
  readonly name: string;
}

/**
 * Calls back when the `npx pnpm …` that runs this script is gone. A package manager that is killed passes no signal on,
 * and its script would live for ever with nobody to stop it. Keeps no process alive.
 */
export function onPackageManagerGone(callback: () => void): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const chain = managersAbove(process.pid);
  // A pnpm from npx's cache was started by npx. Without an npx above, that was killed while pnpm still installed.
  const fetched = process.env["npm_execpath"]?.includes("/_npx/") === true;
  let gone = fetched && !chain.some(({ name }) => NPM.has(name));
  const timer = setInterval(() => {
    gone ||= !chain.every(({ pid }) => isAlive(pid));
    if (!gone) return;
    clearInterval(timer);
    callback();
  }, CHECK_EVERY_MS);
  timer.unref();
}

/** The package managers above a process, each started by the next, with the shells between them. */
function managersAbove(pid: number): readonly Ancestor[] {
  const chain: Ancestor[] = [];
  let shells: Ancestor[] = [];
  for (let above = parentOf(pid); above > 1; above = parentOf(above)) {
    const ancestor = { pid: above, name: nameOf(commandLine(above)) };
    if (MANAGERS.has(ancestor.name)) {
      chain.push(...shells, ancestor);
      shells = [];
    } else if (SHELLS.has(ancestor.name)) {
      shells.push(ancestor);
    } else break;
  }
  return chain;
}

function nameOf(command: string): string {
  const [program = "", script = ""] = command.split(" ");
  const name = basename(program);
  return basename(/^node(js)?$/.test(name) ? script : name).replace(/(-cli)?\.[cm]?js$/, "");
}
