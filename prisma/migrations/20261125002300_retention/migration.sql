-- How many releases of an application are kept (S2.20), and what stays of those that are not.
create table retention_rule (
  application_id text primary key constraint retention_rule_application_id_fkey references application (id),
  tenant_id text not null,
  keep integer not null constraint retention_rule_keep check (keep between 1 and 1000),
  updated_at timestamptz(3) not null default now(),
  updated_by text not null
);
create index retention_rule_tenant_id_idx on retention_rule (tenant_id);

-- A tombstone: the release was here, under these digests, and its images are not any more.
create table pruned_release (
  release_id text primary key constraint pruned_release_release_id_fkey references release (id),
  tenant_id text not null,
  application_id text not null,
  digests text[] not null default '{}',
  reason text not null,
  pruned_at timestamptz(3) not null default now(),
  pruned_by text not null
);
create index pruned_release_tenant_id_idx on pruned_release (tenant_id);

do $$
declare
  name text;
begin
  foreach name in array array['retention_rule', 'pruned_release'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()))', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('alter table %I add constraint %I foreign key (tenant_id) references tenant (id)', name, name || '_tenant_fkey');
    execute format('grant select, insert on %I to caisson_app, caisson_platform', name);
  end loop;
end $$;
grant update on retention_rule to caisson_app, caisson_platform;
create trigger immutable before update or delete on pruned_release for each row execute function refuse_change();
