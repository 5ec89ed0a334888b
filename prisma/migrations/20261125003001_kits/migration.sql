-- Install kits: immutable revisions, the stages that each went through, and hand-offs. Written once.
create table kit (
  id text primary key,
  tenant_id text not null,
  environment_id text not null,
  application_id text not null,
  created_at timestamptz(3) not null default current_timestamp,
  created_by text not null
);
create unique index kit_environment_id_application_id_key on kit (environment_id, application_id);
create index kit_tenant_id_idx on kit (tenant_id);

create table kit_revision (
  kit_id text not null references kit (id),
  tenant_id text not null,
  number integer not null,
  release_id text not null,
  document text not null,
  digest text not null,
  reason text not null default '',
  created_at timestamptz(3) not null default current_timestamp,
  created_by text not null,
  primary key (kit_id, number)
);
create index kit_revision_tenant_id_idx on kit_revision (tenant_id);

create table kit_stage (
  kit_id text not null,
  tenant_id text not null,
  revision integer not null,
  stage text not null,
  outcome text not null,
  role text not null,
  note text not null default '',
  content text not null default '',
  done_at timestamptz(3) not null default current_timestamp,
  done_by text not null,
  -- A stage is passed or failed once in a revision, whoever races.
  primary key (kit_id, revision, stage),
  constraint kit_stage_revision_fkey foreign key (kit_id, revision) references kit_revision (kit_id, number),
  constraint kit_stage_outcome check (outcome in ('done', 'failed'))
);
create index kit_stage_tenant_id_idx on kit_stage (tenant_id);

create table hand_off (
  kit_id text not null,
  tenant_id text not null,
  revision integer not null,
  team text not null,
  areas text not null,
  accepted_at timestamptz(3) not null default current_timestamp,
  accepted_by text not null,
  authenticated_at timestamptz(3) not null,
  primary key (kit_id, revision),
  constraint hand_off_revision_fkey foreign key (kit_id, revision) references kit_revision (kit_id, number)
);
create index hand_off_tenant_id_idx on hand_off (tenant_id);

do $$
declare
  name text;
begin
  foreach name in array array['kit', 'kit_revision', 'kit_stage', 'hand_off'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()))', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('alter table %I add constraint %I foreign key (tenant_id) references tenant (id)', name, name || '_tenant_fkey');
    execute format('grant select, insert on %I to caisson_app, caisson_platform', name);
    execute format('create trigger immutable before update or delete on %I for each row execute function refuse_change()', name);
  end loop;
end $$;
