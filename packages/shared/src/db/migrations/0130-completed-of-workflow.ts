import { type Kysely, sql } from "kysely";

/**
 * The last completed analysis of a workflow, and the one before another, in one look, however many were canceled or failed
 * since.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index analyses_completed_of_workflow on analyses (location_id, workflow_id, created_at desc, id desc)
      where status = 'completed' and workflow_id is not null
  `.execute(db);
}
