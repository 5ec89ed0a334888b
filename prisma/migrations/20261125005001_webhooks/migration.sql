-- Events leave in three steps: the event in the transaction of the change, a delivery for each target that wants it, attempts until it is
-- taken or dead.
create table webhook_target (
  id text primary key,
  tenant_id text not null constraint webhook_target_tenant_fkey references tenant (id),
  name text not null,
  url text not null,
  topics text[] not null default '{}',
  secret_version integer not null default 1,
  previous_until timestamptz(3),
  created_at timestamptz(3) not null default now(),
  created_by text not null,
  failing_since timestamptz(3),
  disabled_at timestamptz(3),
  disabled_reason text not null default '',
  removed_at timestamptz(3)
);
create index webhook_target_tenant_id_idx on webhook_target (tenant_id);
create unique index webhook_target_one_name on webhook_target (tenant_id, name) where removed_at is null;

create table outbox_event (
  id text primary key,
  tenant_id text not null constraint outbox_event_tenant_fkey references tenant (id),
  topic text not null,
  payload text not null,
  mac text not null,
  target_id text,
  created_at timestamptz(3) not null default now(),
  taken_at timestamptz(3),
  rejected text not null default ''
);
create index outbox_event_tenant_id_idx on outbox_event (tenant_id, created_at);
create index outbox_event_waiting on outbox_event (created_at) where taken_at is null;

create table webhook_delivery (
  id text primary key,
  tenant_id text not null constraint webhook_delivery_tenant_fkey references tenant (id),
  event_id text not null references outbox_event (id),
  target_id text not null references webhook_target (id),
  state text not null default 'pending' constraint webhook_delivery_state check (state in ('pending', 'delivered', 'dead')),
  attempts integer not null default 0,
  next_at timestamptz(3) not null default now(),
  lease_until timestamptz(3),
  lease_owner text,
  created_at timestamptz(3) not null default now(),
  settled_at timestamptz(3),
  replay_of text,
  replayed_by text
);
create index webhook_delivery_tenant_id_idx on webhook_delivery (tenant_id, target_id, created_at);
create index webhook_delivery_due on webhook_delivery (next_at) where state = 'pending';
create unique index webhook_delivery_once on webhook_delivery (event_id, target_id) where replay_of is null;

create table webhook_attempt (
  delivery_id text not null references webhook_delivery (id),
  number integer not null,
  tenant_id text not null constraint webhook_attempt_tenant_fkey references tenant (id),
  at timestamptz(3) not null default now(),
  took_ms integer not null,
  status integer,
  body text not null default '',
  error text not null default '',
  primary key (delivery_id, number)
);
create index webhook_attempt_tenant_id_idx on webhook_attempt (tenant_id);

do $$
declare
  name text;
begin
  foreach name in array array['webhook_target', 'outbox_event', 'webhook_delivery', 'webhook_attempt'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()))', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('grant select, insert, update on %I to caisson_app, caisson_platform', name);
  end loop;
  foreach name in array array['outbox_event', 'webhook_delivery', 'webhook_attempt'] loop
    execute format('grant delete on %I to caisson_platform', name);
  end loop;
end $$;
