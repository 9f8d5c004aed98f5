/** Configuration: one schema per process. The environment is read in this room and nowhere else. */

export {
  type ApiConfig,
  type Environment,
  loadApiConfig,
  loadMigrateConfig,
  loadProvisionConfig,
  loadWorkerConfig,
  type MigrateConfig,
  variableNames,
  type WorkerConfig,
} from "./load.ts";
export { redacted } from "./redact.ts";
