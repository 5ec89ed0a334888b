-- A freeze may come back each week by the clocks of a time zone; '' for one that is closed from start to end.
alter table "freeze" add column weekly text not null default '';

-- Nothing new comes to an application in an environment until a person lets it: after a rollback, or set by hand.
create table hold (
  id text primary key,
  tenant_id text not null,
  environment_id text not null references environment (id),
  application_id text not null references application (id),
  promotion_id text references promotion (id),
  reason text not null,
  created_at timestamptz(3) not null default now(),
  created_by text not null,
  lifted_at timestamptz(3),
  lifted_by text,
  lift_reason text not null default '',
  constraint hold_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint hold_lifted_by_name check ((lifted_at is null) = (lifted_by is null))
);
create index hold_tenant_id_idx on hold (tenant_id);
create index hold_environment_id_application_id_idx on hold (environment_id, application_id);
create unique index hold_one_standing on hold (environment_id, application_id) where lifted_at is null;

alter table hold enable row level security;
alter table hold force row level security;
create policy tenant_rows on hold to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()));
create policy platform_rows on hold to caisson_platform using (true) with check (true);
grant select, insert, update on hold to caisson_app, caisson_platform;

-- How long a recovery took: from the stop that a person asked for to verified. Null on rollouts that are no rollback.
alter table rollout
  add column recovery_from timestamptz(3),
  add column recovery_target_seconds integer,
  add column recovery_ms integer;
