import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newApiKey } from "@workflow-debugger/shared/crypto";
import { explainFolderFailure, StackError } from "./stack-error.ts";

/** What the local stack makes up once and keeps, readable by its user only. */
export interface DevSecrets {
  readonly postgresPassword: string;
  readonly rolePasswords: { readonly owner: string; readonly api: string; readonly worker: string };
  /** Key ring of what is encrypted at rest. */
  readonly encryptionKeys: string;
  /** Keys of the two demo locations. */
  readonly apiKeys: { readonly pro: string; readonly free: string };
}

/**
 * Reads the secrets beside the data, or makes them before the first start.
 * @throws {StackError} when the data folder cannot be used, or holds a database whose secrets are gone
 */
export function openDevSecrets(folder: string, serverFolder: string): DevSecrets {
  const file = join(folder, "secrets.json");
  try {
    if (existsSync(file)) return read(file);
    if (existsSync(join(serverFolder, "cluster", "PG_VERSION"))) {
      throw new StackError(
        `${file} is gone, so the database beside it cannot be opened. Remove ${folder} to start afresh.`,
      );
    }
    const secrets = make();
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return secrets;
  } catch (error) {
    throw explainFolderFailure(error, folder);
  }
}

function read(file: string): DevSecrets {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new StackError(`${file} is damaged. Remove its folder to start afresh.`);
    throw error;
  }
}

function make(): DevSecrets {
  const password = () => randomBytes(18).toString("base64url");
  return {
    postgresPassword: password(),
    rolePasswords: { owner: password(), api: password(), worker: password() },
    encryptionKeys: `local:${randomBytes(32).toString("base64")}`,
    apiKeys: { pro: newApiKey().key, free: newApiKey().key },
  };
}
