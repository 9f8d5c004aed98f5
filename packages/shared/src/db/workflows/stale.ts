import { sql } from "kysely";
import type { Submission } from "../analyses/submit.ts";
import type { DatabaseTransaction } from "../database.ts";

/** Names a workflow of a location. */
export interface WorkflowRef {
  readonly locationId: string;
  readonly workflowId: string;
}

/**
 * Marks the workflow's newest definition as older than the workflow, unless it came in after `since`. False when no
 * definition of it is stored. For the worker's role.
 */
export async function markDefinitionStale(
  transaction: DatabaseTransaction,
  { locationId, workflowId, since }: WorkflowRef & { readonly since: Date },
): Promise<boolean> {
  const newest = await transaction
    .selectFrom("workflow_definitions")
    .select("created_at")
    .where("location_id", "=", locationId)
    .where("workflow_id", "=", workflowId)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) return false;
  if (newest.created_at > since) return true;
  await transaction
    .updateTable("workflows")
    .set({ stale_since: since })
    .where("location_id", "=", locationId)
    .where("id", "=", workflowId)
    .execute();
  return true;
}

/** How an analysis of a workflow was asked for. */
export type AskedOptions = Pick<Submission, "options" | "sealedOptions">;

/**
 * The options of the workflow's last analysis, to analyse it again in the same way; null when it was never analysed, or is
 * about to be. For the worker's role.
 */
export async function optionsToRepeat(
  transaction: DatabaseTransaction,
  { locationId, workflowId }: WorkflowRef,
): Promise<AskedOptions | null> {
  const { rows } = await sql<{
    status: string;
    options: object | null;
    sha256: Buffer | null;
    ciphertext: Buffer | null;
    encryption_key_id: string | null;
  }>`
    select a.status, a.options, o.sha256, o.ciphertext, o.encryption_key_id
    from analyses a left join option_snapshots o on o.location_id = a.location_id and o.sha256 = a.options_sha256
    where a.location_id = ${locationId} and a.workflow_id = ${workflowId}
    order by a.created_at desc, a.id desc limit 1`.execute(transaction);
  const [last] = rows;
  if (last === undefined || last.status === "queued" || last.status === "running") return null;
  const { options, sha256, ciphertext, encryption_key_id: keyId } = last;
  const sealed = sha256 === null || ciphertext === null || keyId === null ? null : { sha256, ciphertext, keyId };
  return { options, sealedOptions: sealed };
}
