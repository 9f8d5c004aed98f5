import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { pino } from "pino";
import { migrate, type ProvisionedUrls, provisionDatabase } from "../../src/db/index.ts";
import { requiredUrl } from "./required-url.ts";

export interface TestDatabase extends ProvisionedUrls {
  readonly name: string;
  /** A superuser in this database: for faults only (killing backends, looking past row security). */
  readonly superuserUrl: string;
  /** Ends every connection to the database and removes it. */
  drop(): Promise<void>;
}

const passwords = { owner: "owner", api: "api", worker: "worker" };

/** A fresh, migrated database on the server of `TEST_POSTGRES_URL`: a copy of one that is migrated once per schema. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const superuserUrl = requiredUrl("TEST_POSTGRES_URL");
  const name = `wd_test_${randomBytes(8).toString("hex")}`;
  const template = await migratedTemplate(superuserUrl);
  const urls = await provisionDatabase({ superuserUrl, databaseName: name, passwords, template });
  const ownSuperuserUrl = new URL(superuserUrl);
  ownSuperuserUrl.pathname = `/${name}`;
  return {
    ...urls,
    name,
    superuserUrl: ownSuperuserUrl.href,
    drop: () => asSuperuser(superuserUrl, (client) => client.query(`drop database if exists ${name} with (force)`)),
  };
}

/** The migrated database that others are copied from; made by whichever process comes first. */
async function migratedTemplate(superuserUrl: string): Promise<string> {
  const template = `wd_template_${schemaFingerprint()}`;
  await asSuperuser(superuserUrl, async (client) => {
    await client.query("select pg_advisory_lock(hashtext('wd test template'))");
    const { rows } = await client.query("select datistemplate from pg_database where datname = $1", [template]);
    if (rows[0]?.datistemplate === true) return;
    // Left half done by a run that was killed.
    await client.query(`drop database if exists ${template} with (force)`);
    const { ownerUrl } = await provisionDatabase({ superuserUrl, databaseName: template, passwords });
    await migrate({ ownerUrl, log: pino({ level: "silent" }) });
    await client.query(`alter database ${template} with is_template true`);
  });
  return template;
}

/** Changes with the migrations, and with BullMQ's, which follow its version. */
function schemaFingerprint(): string {
  const folder = new URL("../../src/db/migrations/", import.meta.url);
  const hash = createHash("sha256").update(readFileSync(new URL("../migrate.ts", folder)));
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(new URL(file, folder)));
  hash.update(readFileSync(new URL("../../package.json", import.meta.url)));
  return hash.digest("hex").slice(0, 12);
}

async function asSuperuser(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
