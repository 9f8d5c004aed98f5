import { migrate, type ProvisionedUrls, provisionDatabase } from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";
import { createDemoLocations } from "./demo-locations.ts";
import type { DevSecrets } from "./dev-secrets.ts";

/** Creates or brings up to date the stack's roles, database, tables and demo locations; the URLs of the roles. */
export async function prepareDatabase(superuserUrl: string, secrets: DevSecrets): Promise<ProvisionedUrls> {
  const log = createLogger({ service: "migrate", environment: "development", level: "warn" });
  const urls = await provisionDatabase({
    superuserUrl,
    databaseName: "workflow_debugger",
    passwords: secrets.rolePasswords,
  });
  await migrate({ ownerUrl: urls.ownerUrl, log });
  await createDemoLocations(urls, secrets.apiKeys, log);
  return urls;
}
