import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "./run.ts";

/** The process around the command line: files, streams and the clock. */
const folder = process.env["INIT_CWD"] ?? process.cwd();

process.exitCode = await run(process.argv.slice(2), {
  read: (path) => readFileSync(path === "-" ? 0 : resolve(folder, path)),
  write: (path, text) => writeFileSync(resolve(folder, path), text),
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  today: new Date().toISOString().slice(0, 10),
  colour: process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined,
});
