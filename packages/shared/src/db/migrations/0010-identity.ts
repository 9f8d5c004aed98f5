import { type Kysely, sql } from "kysely";

/**
 * Who may come in, and what HighLevel lets us do: sessions, sign-ins under way, installs with their sealed tokens.
 * Sessions and sign-ins are looked up before any location is known, by `security definer` functions that take a hash.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table locations add column company_id text, add column uninstalled_at timestamptz;
    create index locations_of_company on locations (company_id) where company_id is not null;
    -- A location that signs in is created by the API, which never sets a plan.
    grant insert (id, name, company_id), update (name, company_id, uninstalled_at) on locations to wd_api;

    create table sessions (
      id uuid primary key,
      location_id text not null references locations on delete cascade,
      hash bytea not null unique check (octet_length(hash) = 32),
      -- HighLevel's id of the person, where it told us.
      user_id text,
      -- Opened by a page embedded in HighLevel: decides the cookie's SameSite.
      embedded boolean not null,
      created_at timestamptz not null default now(),
      last_used_at timestamptz not null default now(),
      -- Moves with every use, up to the end.
      expires_at timestamptz not null,
      ends_at timestamptz not null
    ) with (fillfactor = 70);
    create index sessions_of_location on sessions (location_id);
    create index sessions_by_expiry on sessions (expires_at);

    create table oauth_states (
      hash bytea primary key check (octet_length(hash) = 32),
      return_to text,
      -- The location wanted of an agency's install.
      wanted_location text,
      expires_at timestamptz not null
    );
    create index oauth_states_by_expiry on oauth_states (expires_at);

    -- An install of the app, in a location or in a whole company (agency), with its sealed OAuth tokens.
    create table ghl_installs (
      kind text not null check (kind in ('company', 'location')),
      id text not null check (id <> ''),
      company_id text,
      -- A location's token was made from its company's, and is made anew from it.
      through_company boolean not null default false,
      user_id text,
      scopes text[] not null,
      ciphertext bytea not null,
      encryption_key_id text not null,
      -- Raised by every new pair of tokens.
      version integer not null default 1,
      -- Of the access token.
      expires_at timestamptz not null,
      -- Whoever holds the lease refreshes; nobody else does until it ran out.
      lease_token uuid,
      lease_until timestamptz,
      -- HighLevel refused the grant: only a new sign-in helps.
      revoked_at timestamptz,
      revoked_reason text,
      installed_at timestamptz not null default now(),
      refreshed_at timestamptz not null default now(),
      primary key (kind, id)
    ) with (fillfactor = 50);
    create index ghl_installs_due on ghl_installs (expires_at) where revoked_at is null;
    create index ghl_installs_of_company on ghl_installs (company_id) where kind = 'location';

    alter table sessions enable row level security;
    alter table sessions force row level security;
    create policy own_location on sessions to wd_api
      using (location_id = current_setting('app.location_id', true))
      with check (location_id = current_setting('app.location_id', true));
    create policy every_location on sessions to wd_worker, wd_owner using (true) with check (true);

    alter table oauth_states enable row level security;
    alter table oauth_states force row level security;
    create policy every_state on oauth_states to wd_worker, wd_owner using (true) with check (true);

    alter table ghl_installs enable row level security;
    alter table ghl_installs force row level security;
    create policy own_install on ghl_installs to wd_api
      using (id = current_setting(case kind when 'location' then 'app.location_id' else 'app.company_id' end, true))
      with check (id = current_setting(case kind when 'location' then 'app.location_id' else 'app.company_id' end, true));
    create policy every_install on ghl_installs to wd_worker, wd_owner using (true) with check (true);

    grant select, insert, update, delete on sessions, ghl_installs to wd_api;
    grant select, insert, update, delete on sessions, oauth_states, ghl_installs to wd_worker;

    create function authenticate_session(p_hash bytea, p_sliding_seconds integer)
    returns table (session_id uuid, location_id text, company_id text, plan text, user_id text, embedded boolean,
      expires_at timestamptz)
    language plpgsql security definer set search_path = pg_catalog, public as $$
    #variable_conflict use_column
    declare
      v_session sessions%rowtype;
    begin
      select * into v_session from sessions s
        where s.hash = p_hash and s.expires_at > now() and s.ends_at > now();
      if not found then return; end if;
      if v_session.last_used_at < now() - interval '1 minute' then
        update sessions s
          set last_used_at = now(), expires_at = least(now() + make_interval(secs => p_sliding_seconds), s.ends_at)
          where s.id in (select id from sessions l where l.hash = p_hash for update skip locked)
          returning s.expires_at into v_session.expires_at;
        -- Somebody else notes the use at this moment.
        v_session.expires_at := coalesce(v_session.expires_at, now() + make_interval(secs => p_sliding_seconds));
      end if;
      return query
        select v_session.id, l.id, l.company_id, l.plan, v_session.user_id, v_session.embedded,
          least(v_session.expires_at, v_session.ends_at)
        from locations l where l.id = v_session.location_id;
    end $$;

    create function open_oauth_state(p_hash bytea, p_return_to text, p_wanted_location text, p_seconds integer)
    returns void language sql security definer set search_path = pg_catalog, public as $$
      insert into oauth_states (hash, return_to, wanted_location, expires_at)
      values (p_hash, p_return_to, p_wanted_location, now() + make_interval(secs => p_seconds))
    $$;

    -- Single use: whoever deletes the row has it.
    create function take_oauth_state(p_hash bytea)
    returns table (return_to text, wanted_location text)
    language sql security definer set search_path = pg_catalog, public as $$
      with taken as (
        delete from oauth_states where hash = p_hash returning return_to, wanted_location, expires_at > now() as valid
      )
      select return_to, wanted_location from taken where valid
    $$;

    revoke execute on function authenticate_session, open_oauth_state, take_oauth_state from public;
    grant execute on function authenticate_session, open_oauth_state, take_oauth_state to wd_api, wd_worker;
  `.execute(db);
}
