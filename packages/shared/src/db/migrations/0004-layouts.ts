import { type Kysely, sql } from "kysely";

/** Drawings are sealed like the definitions whose first words they hold. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table analysis_results drop column layout;
    alter table analysis_results add column layout bytea, add column encryption_key_id text;
    -- Ciphertext does not compress: do not try.
    alter table analysis_results alter column layout set storage external;

    -- A result that is served again is copied with its drawing; the key that this was sealed with goes along.
    create function keep_layout_key() returns trigger language plpgsql as $$
    begin
      select r.encryption_key_id into new.encryption_key_id
        from analyses a join analysis_results r on r.location_id = a.location_id and r.cache_key = a.cache_key
        where a.id = new.analysis_id and r.layout = new.layout limit 1;
      return new;
    end $$;
    create trigger keep_layout_key before insert on analysis_results for each row
      when (new.layout is not null and new.encryption_key_id is null) execute function keep_layout_key();
  `.execute(db);
}
