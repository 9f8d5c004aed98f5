/** Stands in for curl on a machine without it, with the options of the README's examples: -sS -H -d -D - -o /dev/null. */
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: "boolean", short: "s" },
    "show-error": { type: "boolean", short: "S" },
    header: { type: "string", short: "H", multiple: true, default: [] },
    data: { type: "string", short: "d" },
    "dump-header": { type: "string", short: "D" },
    output: { type: "string", short: "o" },
  },
});
const headers = values.header.map((line): [string, string] => {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
});
const body = values.data === undefined ? {} : { method: "POST", body: values.data };
const answer = await fetch(positionals[0] ?? "", { headers, ...body });
if (values["dump-header"] === "-") for (const [name, value] of answer.headers) console.log(`${name}: ${value}\r`);
const text = await answer.text();
if (values.output === undefined) process.stdout.write(text);
