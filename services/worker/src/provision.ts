import { loadProvisionConfig } from "@workflow-debugger/shared/config";
import { provisionDatabase } from "@workflow-debugger/shared/db";

/**
 * `pnpm provision`: makes the roles `wd_owner`, `wd_api` and `wd_worker` and their database, as an administrator of the
 * server, once per installation. Safe to run again: it sets the passwords anew. `pnpm migrate` comes next.
 */
const config = loadProvisionConfig();
try {
  await provisionDatabase({
    superuserUrl: config.ADMIN_DATABASE_URL,
    databaseName: config.DATABASE_NAME,
    passwords: { owner: config.OWNER_PASSWORD, api: config.API_PASSWORD, worker: config.WORKER_PASSWORD },
  });
  console.log(`the database ${config.DATABASE_NAME} and its roles are there`);
} catch (error) {
  console.error(`not provisioned: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
