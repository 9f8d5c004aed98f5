import pg from "pg";

export interface RolePasswords {
  readonly owner: string;
  readonly api: string;
  readonly worker: string;
}

export interface ProvisionedUrls {
  readonly ownerUrl: string;
  readonly apiUrl: string;
  readonly workerUrl: string;
}

export interface ProvisionOptions {
  readonly superuserUrl: string;
  readonly databaseName: string;
  readonly passwords: RolePasswords;
  /** A migrated database to copy instead of starting from an empty one. */
  readonly template?: string;
}

/**
 * What a database administrator does once per installation, as a superuser: creates the roles `wd_owner`, `wd_api`
 * and `wd_worker` (or sets their passwords) and a database that `wd_owner` owns. Safe to run again. Follow it with
 * `migrate`.
 */
export async function provisionDatabase(options: ProvisionOptions): Promise<ProvisionedUrls> {
  const { superuserUrl, databaseName, passwords, template = "template0" } = options;
  const client = new pg.Client({ connectionString: superuserUrl, connectionTimeoutMillis: 5_000 });
  const name = client.escapeIdentifier(databaseName);
  await client.connect();
  try {
    // One at a time per server: roles belong to all its databases.
    await client.query("select pg_advisory_lock(hashtext('wd provision'))");
    const roles = { wd_owner: passwords.owner, wd_api: passwords.api, wd_worker: passwords.worker };
    for (const [role, password] of Object.entries(roles)) {
      const existing = await client.query("select from pg_roles where rolname = $1", [role]);
      const verb = existing.rows.length === 0 ? "create" : "alter";
      await client.query(
        `${verb} role ${role} with login nosuperuser nocreatedb nocreaterole nobypassrls noreplication password ${client.escapeLiteral(password)}`,
      );
    }
    const existing = await client.query("select from pg_database where datname = $1", [databaseName]);
    if (existing.rows.length === 0) {
      const encoding = template === "template0" ? " encoding 'UTF8'" : "";
      await client.query(
        `create database ${name} owner wd_owner template ${client.escapeIdentifier(template)}${encoding}`,
      );
      await client.query(`revoke all on database ${name} from public`);
      await client.query(`grant connect on database ${name} to wd_api, wd_worker`);
      // BullMQ's bulk add goes through temporary tables; only the worker's dispatcher adds in bulk.
      await client.query(`grant temporary on database ${name} to wd_worker`);
    }
  } finally {
    await client.end();
  }
  const urlOf = (role: string, password: string) => {
    const url = new URL(superuserUrl);
    url.username = role;
    url.password = encodeURIComponent(password);
    url.pathname = `/${databaseName}`;
    return url.href;
  };
  return {
    ownerUrl: urlOf("wd_owner", passwords.owner),
    apiUrl: urlOf("wd_api", passwords.api),
    workerUrl: urlOf("wd_worker", passwords.worker),
  };
}
