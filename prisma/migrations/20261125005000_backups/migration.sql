-- Backups of the installation, what each one holds of a tenant, and proof that one was restored.
create table backup (
  id text primary key,
  state text not null constraint backup_state check (state in ('requested', 'running', 'completed', 'incomplete', 'failed')),
  requested_at timestamptz(3) not null default now(),
  requested_by text not null,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  path text not null default '',
  size_bytes bigint not null default 0,
  digest text not null default '',
  summary text not null default '{}',
  outcome text not null default ''
);
-- Two at once would read the same blobs twice for nothing; a lost one is given up by the next.
create unique index backup_one_open on backup ((true)) where state in ('requested', 'running');
alter table backup enable row level security;
alter table backup force row level security;
create policy platform_rows on backup to caisson_platform using (true) with check (true);
grant select, insert, update on backup to caisson_platform;

create table backup_part (
  backup_id text not null references backup (id),
  tenant_id text not null constraint backup_part_tenant_fkey references tenant (id),
  completed_at timestamptz(3) not null,
  log_size bigint not null,
  log_hash text not null,
  rows integer not null,
  blobs integer not null,
  blob_bytes bigint not null,
  digest text not null,
  primary key (backup_id, tenant_id)
);
create index backup_part_tenant_id_idx on backup_part (tenant_id);

create table restore_drill (
  id text primary key,
  tenant_id text not null constraint restore_drill_tenant_fkey references tenant (id),
  kind text not null constraint restore_drill_kind check (kind in ('data', 'secrets')),
  at timestamptz(3) not null default now(),
  by text not null,
  backup_digest text not null,
  backup_at timestamptz(3) not null,
  size_bytes bigint not null,
  took_ms integer not null,
  result text not null constraint restore_drill_result check (result in ('passed', 'failed')),
  detail text not null
);
create index restore_drill_tenant_id_idx on restore_drill (tenant_id);

do $$
declare
  name text;
begin
  foreach name in array array['backup_part', 'restore_drill'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()))', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('grant select, insert on %I to caisson_app, caisson_platform', name);
    execute format('create trigger immutable before update or delete on %I for each row execute function refuse_change()', name);
  end loop;
end $$;
