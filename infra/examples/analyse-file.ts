/**
 * An example of the typed client: `WD_URL=… WD_KEY=… node infra/examples/analyse-file.ts workflow.json` submits the file,
 * waits for its end, and prints what to repair first. Ctrl-C cancels the analysis.
 */
import { readFileSync } from "node:fs";
import { ApiError, createClient } from "@workflow-debugger/shared/contract";

const [file = "packages/engine/samples/critical.json"] = process.argv.slice(2);
const client = createClient({
  url: process.env["WD_URL"] ?? "http://127.0.0.1:3000",
  apiKey: process.env["WD_KEY"] ?? "",
});
const controller = new AbortController();
process.once("SIGINT", () => controller.abort());

try {
  const workflow: unknown = JSON.parse(readFileSync(file, "utf8"));
  const analysis = await client.analyze({ workflow }, { signal: controller.signal });
  if (analysis.status !== "completed") throw new Error(`The analysis is ${analysis.status}.`);
  console.log(`${analysis.workflow.name}: ${analysis.score} of 100, ${analysis.grade}`);
  for (const fingerprint of analysis.fixOrder.slice(0, 3)) {
    const issue = analysis.issues.find((one) => one.fingerprint === fingerprint);
    if (issue !== undefined) console.log(`  ${issue.code}  ${issue.title}: ${issue.fix}`);
  }
  const { data: latest } = await client.call("listHistory", { query: { limit: "5" } });
  console.log(`The last ${latest.length}: ${latest.map(({ score }) => score ?? "–").join(", ")}`);
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.error(`${error.code}: ${error.message} (request ${error.requestId})`);
  process.exitCode = 1;
}
