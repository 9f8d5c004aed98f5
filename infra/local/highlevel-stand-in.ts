/**
 * A stand-in HighLevel as a process of its own, for `pnpm dev`: the demo locations as an agency with the sample workflows.
 * Takes its port as its argument, and from the environment the app's credentials.
 */
import { parseWorkflow } from "@workflow-debugger/engine/parse";
import { samples } from "@workflow-debugger/engine/samples";
import { startHighLevel } from "@workflow-debugger/shared/stand-ins";
import { demoLocations } from "./demo-locations.ts";

const workflows = Object.values(samples).map((sample) => {
  const { id, name } = parseWorkflow(sample);
  return { id: id ?? name, name, status: "published" as const };
});
const standIn = await startHighLevel({
  port: Number(process.argv[2]),
  app: {
    clientId: process.env["GHL_CLIENT_ID"] ?? "",
    clientSecret: process.env["GHL_CLIENT_SECRET"] ?? "",
  },
  locations: demoLocations.map(({ id, name }) => ({ id, name, companyId: "demo-agency", workflows })),
});
console.log(`stand-in HighLevel on ${standIn.url}; POST ${standIn.url}/stand-in/faults switches failures on`);
process.once("SIGTERM", () => void standIn.close());
