-- What the schema language cannot say: who may touch which row, what never changes, and the rules that must survive a race.
-- lib/platform/catalog.test.ts lists all of it from pg_catalog and fails when a piece is missing.

-- Two roles without a login. The owner becomes one of them for the length of each transaction (lib/platform/database.ts).
do $$
begin
  create role caisson_app nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  create role caisson_platform nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  execute format('grant caisson_app, caisson_platform to %I', current_user);
exception when others then
  -- a superuser needs no membership; a grant that races with another is already there
  if not (select rolsuper from pg_roles where rolname = current_user) then raise; end if;
end $$;
grant usage on schema public to caisson_app, caisson_platform;

-- The tenant of this transaction; null outside one, and null equals nothing.
create function caisson_tenant() returns text language sql stable as
$$ select nullif(current_setting('caisson.tenant', true), '') $$;

-- ── Tenant tables: one tenant's rows for caisson_app, every row for caisson_platform ──
do $$
declare
  name text;
begin
  foreach name in array array[
    'membership', 'invitation', 'api_token', 'environment', 'environment_policy', 'application', 'component', 'artifact', 'image',
    'release', 'release_component', 'config_revision', 'promotion', 'approval', 'waiver', 'freeze', 'rollout', 'rollout_step',
    'deployment', 'replica', 'gateway_route', 'live_event', 'repository', 'repository_blob', 'manifest', 'tag', 'blob_upload'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()))', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('grant select, insert, update on %I to caisson_app, caisson_platform', name);
    execute format('alter table %I add constraint %I foreign key (tenant_id) references tenant (id)', name, name || '_tenant_fkey');
  end loop;
  foreach name in array array['replica', 'gateway_route', 'live_event', 'repository_blob', 'manifest', 'tag', 'blob_upload'] loop
    execute format('grant delete on %I to caisson_app, caisson_platform', name);
  end loop;
end $$;
grant usage on sequence live_event_id_seq to caisson_app, caisson_platform;

alter table tenant enable row level security;
alter table tenant force row level security;
create policy tenant_rows on tenant to caisson_app using (id = (select caisson_tenant())) with check (id = (select caisson_tenant()));
create policy platform_rows on tenant to caisson_platform using (true) with check (true);
grant select, update on tenant to caisson_app;
grant select, insert, update on tenant to caisson_platform;

-- ── People: a tenant reads the names of those who are or were its members; the rest is the platform's ──
alter table "user" enable row level security;
alter table "user" force row level security;
create policy tenant_people on "user" for select to caisson_app
  using (exists (select 1 from membership m where m.user_id = "user".id and m.tenant_id = (select caisson_tenant())));
create policy platform_rows on "user" to caisson_platform using (true) with check (true);
grant select on "user" to caisson_app;
grant select, insert, update on "user" to caisson_platform;

do $$
declare
  name text;
begin
  foreach name in array array['credential', 'session', 'sign_in_throttle', 'platform_setting'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on %I to caisson_platform', name);
  end loop;
end $$;

-- ── Audit: written once, by grants and by trigger. A tenant's log is its id; the platform's is 'platform' ──
do $$
declare
  name text;
begin
  foreach name in array array['audit_entry', 'audit_chain', 'audit_node', 'audit_checkpoint', 'audit_log_state'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('create policy tenant_reads on %I for select to caisson_app using (log = (select caisson_tenant()))', name);
    execute format('grant select, insert on %I to caisson_platform', name);
    execute format('grant select on %I to caisson_app', name);
  end loop;
end $$;
create policy tenant_appends on audit_entry for insert to caisson_app with check (log = (select caisson_tenant()));
grant insert on audit_entry to caisson_app;
grant update on audit_log_state to caisson_platform;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;
do $$
declare
  name text;
begin
  foreach name in array array['audit_entry', 'audit_chain', 'audit_node', 'audit_checkpoint'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', name);
    execute format('create trigger append_only_whole before truncate on %I for each statement execute function refuse_change()', name);
  end loop;
  foreach name in array array['release_component', 'config_revision', 'environment_policy'] loop
    execute format('create trigger immutable before update or delete on %I for each row execute function refuse_change()', name);
  end loop;
end $$;

-- ── What never changes once it is written ──
create function refuse_retag() returns trigger language plpgsql as $$
begin
  if (new.repository_id, new.name, new.digest) is distinct from (old.repository_id, old.name, old.digest) then
    raise exception 'a tag never changes its digest: % refused', old.name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger immutable before update on tag for each row execute function refuse_retag();

create function refuse_rename() returns trigger language plpgsql as $$
begin
  if (new.application_id, new.name, new.channel, new.sequence, new.created_at, new.created_by)
     is distinct from (old.application_id, old.name, old.channel, old.sequence, old.created_at, old.created_by) then
    raise exception 'a release never changes: % refused', old.name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger immutable before update on release for each row execute function refuse_rename();

create function refuse_rebuild() returns trigger language plpgsql as $$
begin
  if (new.digest, new.repository, new.artifact_id, new.base_digest, new.builder_version)
     is distinct from (old.digest, old.repository, old.artifact_id, old.base_digest, old.builder_version) then
    raise exception 'an image never changes: % refused', old.digest using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger immutable before update on image for each row execute function refuse_rebuild();

-- A decision stays as it was made; only that it was voided or used is added later.
create function refuse_redecision() returns trigger language plpgsql as $$
begin
  if (new.promotion_id, new.plan_digest, new.approver_id, new.decision, new.meaning, new.comment, new.decided_at, new.authenticated_at)
     is distinct from (old.promotion_id, old.plan_digest, old.approver_id, old.decision, old.meaning, old.comment, old.decided_at, old.authenticated_at)
     or (old.consumed_at is not null and new.consumed_at is distinct from old.consumed_at) then
    raise exception 'a decision never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger immutable before update on approval for each row execute function refuse_redecision();

-- ── Rules that must survive a race ──
create unique index promotion_one_unsettled on promotion (application_id, environment_id)
  where state in ('requested', 'approved', 'rolling_out');
create unique index approval_one_standing on approval (promotion_id, approver_id) where voided_at is null;
create unique index invitation_one_open on invitation (tenant_id, email) where accepted_at is null and revoked_at is null;

alter table tenant add constraint tenant_tier check (tier in ('LOW', 'MID', 'HIGH', 'BUSINESS'));
alter table tenant add constraint tenant_slug check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$');
alter table environment add constraint environment_slug check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$');
alter table application add constraint application_slug check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$');
alter table promotion add constraint promotion_state check (state in
  ('requested', 'approved', 'rolling_out', 'completed', 'failed', 'errored', 'rejected', 'cancelled', 'expired', 'superseded'));
alter table promotion add constraint promotion_kind check (kind in
  ('promote', 'deploy', 'rollback', 'config', 'restart', 'stop', 'start', 'scale'));
alter table rollout add constraint rollout_promotion_fkey foreign key (promotion_id) references promotion (id);
alter table approval add constraint approval_promotion_fkey foreign key (promotion_id) references promotion (id);
alter table release_component add constraint release_component_release_fkey foreign key (release_id) references release (id);
alter table release_component add constraint release_component_image_fkey foreign key (image_id) references image (id);
alter table tag add constraint tag_manifest_fkey foreign key (repository_id, digest) references manifest (repository_id, digest);
alter table audit_chain add constraint audit_chain_entry_fkey foreign key (entry_id) references audit_entry (id);

-- ── Jobs: a job row is written in the transaction of the change, by a role that owns none of the queue's tables ──
create function caisson_enqueue(task text, payload json, job_key text, run_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform graphile_worker.add_job(task, payload, run_at => run_at, job_key => job_key, job_key_mode => 'replace', max_attempts => 25);
end $$;
revoke all on function caisson_enqueue(text, json, text, timestamptz) from public;
grant execute on function caisson_enqueue(text, json, text, timestamptz) to caisson_app, caisson_platform;
