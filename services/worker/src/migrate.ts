import { loadMigrateConfig } from "@workflow-debugger/shared/config";
import { migrate } from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";

/**
 * `pnpm migrate`: brings the database of DATABASE_URL (as the role `wd_owner`) up to date, before the services of a release
 * start. Safe to run again, at the same time from several places, and while the release before is serving.
 */
const config = loadMigrateConfig();
const log = createLogger({ service: "migrate", environment: config.NODE_ENV, level: config.LOG_LEVEL });
try {
  await migrate({ ownerUrl: config.DATABASE_URL, log });
  log.info("the database is up to date");
} catch (error) {
  log.fatal({ err: error }, "the database was not brought up to date");
  process.exitCode = 1;
}
