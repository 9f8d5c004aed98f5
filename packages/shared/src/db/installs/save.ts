import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../database.ts";
import { storableText } from "../identifiers.ts";
import { type InstallRef, type SealedTokens, withInstall } from "./install.ts";

export interface NewInstall extends InstallRef {
  readonly companyId: string | null;
  readonly throughCompany: boolean;
  readonly userId: string | null;
  readonly scopes: readonly string[];
  readonly tokens: SealedTokens;
  /** Life of the access token from now. */
  readonly expiresInSeconds: number;
}

/**
 * Keeps the tokens of a sign-in, in place of any older ones: whoever refreshes those at this moment finds its lease
 * gone. A location must exist.
 */
export function saveInstall(database: Database, install: NewInstall): Promise<void> {
  return withInstall(database, install, (transaction) => saveInstallWithin(transaction, install));
}

/** `saveInstall`, in a transaction that may write the install. */
export async function saveInstallWithin(transaction: DatabaseTransaction, install: NewInstall): Promise<void> {
  const values = {
    company_id: install.companyId,
    through_company: install.throughCompany,
    user_id: install.userId,
    scopes: install.scopes.map((scope) => storableText(scope)),
    ciphertext: install.tokens.ciphertext,
    encryption_key_id: install.tokens.keyId,
    expires_at: sql<Date>`now() + make_interval(secs => ${install.expiresInSeconds}::float8)`,
  };
  await transaction
    .insertInto("ghl_installs")
    .values({ kind: install.kind, id: install.id, ...values })
    .onConflict((conflict) =>
      conflict.columns(["kind", "id"]).doUpdateSet({
        ...values,
        version: sql`ghl_installs.version + 1`,
        lease_token: null,
        lease_until: null,
        revoked_at: null,
        revoked_reason: null,
        refreshed_at: sql<Date>`now()`,
      }),
    )
    .execute();
}
