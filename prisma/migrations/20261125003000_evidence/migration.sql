-- Evidence, release approvals and sign-offs: written once, read for ever.
create table evidence (
  id text primary key,
  tenant_id text not null,
  environment_id text,
  application_id text,
  release_id text,
  digests text[] not null default '{}',
  control text not null,
  part text not null default '',
  outcome text not null,
  origin text not null,
  summary text not null,
  facts text not null default '{}',
  content text not null default '',
  content_digest text not null,
  media_type text not null,
  size_bytes bigint not null,
  file_name text not null default '',
  repository text not null default '',
  referrer_digest text not null default '',
  promotion_id text,
  observed_at timestamptz(3) not null,
  recorded_at timestamptz(3) not null default current_timestamp,
  recorded_by text not null,
  constraint evidence_outcome check (outcome in ('pass', 'fail', 'skipped')),
  constraint evidence_origin check (origin in ('system', 'person', 'token')),
  -- A release belongs to an application; evidence of a release names it.
  constraint evidence_scope check (release_id is null or (application_id is not null and environment_id is not null))
);
create index evidence_tenant_id_application_id_release_id_idx on evidence (tenant_id, application_id, release_id);
create index evidence_tenant_id_control_recorded_at_idx on evidence (tenant_id, control, recorded_at);

create table release_approval (
  id text primary key,
  tenant_id text not null,
  environment_id text not null,
  application_id text not null,
  release_id text not null,
  promotion_id text not null,
  content text not null,
  key_id text not null,
  signature text not null,
  approved_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);
create unique index release_approval_promotion_id_key on release_approval (promotion_id);
create index release_approval_tenant_id_application_id_release_id_idx on release_approval (tenant_id, application_id, release_id);

create table sign_off (
  id text primary key,
  tenant_id text not null,
  environment_id text not null,
  application_id text not null,
  release_id text not null,
  checklist_digest text not null,
  content text not null,
  statement text not null,
  envelope text not null,
  meaning text not null,
  comment text not null default '',
  repository text not null,
  referrer_digest text not null,
  signed_by text not null,
  authenticated_at timestamptz(3) not null,
  signed_at timestamptz(3) not null default current_timestamp
);
create index sign_off_tenant_id_application_id_release_id_idx on sign_off (tenant_id, application_id, release_id);

do $$
declare
  name text;
begin
  foreach name in array array['evidence', 'release_approval', 'sign_off'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()))', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('alter table %I add constraint %I foreign key (tenant_id) references tenant (id)', name, name || '_tenant_fkey');
    execute format('grant select, insert on %I to caisson_app, caisson_platform', name);
    execute format('create trigger immutable before update or delete on %I for each row execute function refuse_change()', name);
  end loop;
end $$;
