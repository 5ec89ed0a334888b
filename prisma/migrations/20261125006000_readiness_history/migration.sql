-- What was observed, as intervals: who changes a deployment or a replica writes the history in the same transaction, whoever it is.
alter table deployment
  add column stale_after_ms integer not null default 30000,
  add column wanted_replicas integer not null default 0;

-- How a replica differs from what is promised, as the prober judged it, and which file or key shows it.
alter table replica
  add column drift text not null default 'none',
  add column drift_detail text not null default '';

create table readiness_change (
  id text primary key default gen_random_uuid()::text,
  tenant_id text not null,
  environment_id text not null,
  application_id text not null,
  replica_id text not null default '',
  component text not null default '',
  promotion_id text not null default '',
  state text not null,
  reason text not null default '',
  ready integer not null default 0,
  wanted integer not null default 0,
  drift text not null default 'none',
  from_at timestamptz(3) not null,
  until_at timestamptz(3),
  constraint readiness_change_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint readiness_change_order check (until_at is null or until_at >= from_at)
);
create index readiness_change_tenant_id_idx on readiness_change (tenant_id);
create index readiness_change_place_idx on readiness_change (environment_id, application_id, replica_id, from_at);
create index readiness_change_until_at_idx on readiness_change (until_at);
create unique index readiness_change_one_open on readiness_change (environment_id, application_id, replica_id) where until_at is null;

alter table readiness_change enable row level security;
alter table readiness_change force row level security;
create policy tenant_rows on readiness_change to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()));
create policy platform_rows on readiness_change to caisson_platform using (true) with check (true);
grant select, insert, update on readiness_change to caisson_app, caisson_platform;
grant delete on readiness_change to caisson_platform;

-- Ends the open interval and opens the next one. Where nobody looked for longer than it takes for an observation to be stale, the time
-- from the last look on is an interval of its own: nothing is said of it. Clocks that step back make intervals short, never negative.
create function note_readiness(next readiness_change, seen_before timestamptz, stale_ms integer, was_known boolean) returns void language plpgsql as $$
declare
  moment timestamptz(3) := clock_timestamp();
  standing readiness_change;
  is_gap boolean := was_known and seen_before is not null and moment - seen_before > stale_ms * interval '1 millisecond';
begin
  select * into standing from readiness_change
    where environment_id = next.environment_id and application_id = next.application_id and replica_id = next.replica_id and until_at is null for update;
  if found and not is_gap and (standing.promotion_id, standing.state, standing.reason, standing.ready, standing.wanted, standing.drift)
    = (next.promotion_id, next.state, next.reason, next.ready, next.wanted, next.drift) then return; end if;
  if found then
    moment := greatest(moment, standing.from_at);
    update readiness_change set until_at = case when is_gap then least(greatest(seen_before, standing.from_at), moment) else moment end where id = standing.id;
    if is_gap then
      insert into readiness_change (tenant_id, environment_id, application_id, replica_id, component, promotion_id, state, reason, wanted, from_at, until_at)
      values (next.tenant_id, next.environment_id, next.application_id, next.replica_id, next.component, next.promotion_id, 'unknown', 'not_observed', next.wanted,
        least(greatest(seen_before, standing.from_at), moment), moment);
    end if;
  end if;
  insert into readiness_change (tenant_id, environment_id, application_id, replica_id, component, promotion_id, state, reason, ready, wanted, drift, from_at)
  values (next.tenant_id, next.environment_id, next.application_id, next.replica_id, next.component, next.promotion_id, next.state, next.reason, next.ready,
    next.wanted, next.drift, moment);
end $$;

create function end_readiness(environment text, application text, replica text) returns void language sql as
  $$ update readiness_change set until_at = greatest(clock_timestamp(), from_at)
     where environment_id = environment and application_id = application and replica_id = replica and until_at is null $$;

create function deployment_history() returns trigger language plpgsql as $$
declare next readiness_change;
begin
  if tg_op = 'DELETE' then
    perform end_readiness(old.environment_id, old.application_id, '');
    return null;
  end if;
  next.tenant_id := new.tenant_id; next.environment_id := new.environment_id; next.application_id := new.application_id;
  next.replica_id := ''; next.component := ''; next.promotion_id := new.promotion_id;
  next.state := new.state; next.reason := new.state_reason; next.ready := new.ready_replicas; next.wanted := new.wanted_replicas;
  next.drift := case when new.is_mixed then 'mixed' else 'none' end;
  if tg_op = 'INSERT' then perform note_readiness(next, null, 0, false);
  else perform note_readiness(next, old.observed_at, old.stale_after_ms, old.state <> 'unknown');
  end if;
  return null;
end $$;
create trigger history after insert or update or delete on deployment for each row execute function deployment_history();

create function replica_history() returns trigger language plpgsql as $$
declare
  next readiness_change;
  stale_ms integer := 0;
begin
  if tg_op = 'DELETE' then
    perform end_readiness(old.environment_id, old.application_id, old.id);
    return null;
  end if;
  next.tenant_id := new.tenant_id; next.environment_id := new.environment_id; next.application_id := new.application_id;
  next.replica_id := new.id; next.component := new.component; next.promotion_id := '';
  next.state := new.state; next.reason := new.reason; next.ready := (new.state = 'ready')::integer; next.wanted := 1; next.drift := new.drift;
  if tg_op = 'INSERT' then perform note_readiness(next, null, 0, false);
  else
    select stale_after_ms into stale_ms from deployment where environment_id = new.environment_id and application_id = new.application_id;
    perform note_readiness(next, old.observed_at, coalesce(stale_ms, 30000), old.state <> 'unknown');
  end if;
  return null;
end $$;
create trigger history after insert or update or delete on replica for each row execute function replica_history();

-- What runs already has been in its state since it was last written down.
insert into readiness_change (tenant_id, environment_id, application_id, promotion_id, state, reason, ready, wanted, drift, from_at)
  select tenant_id, environment_id, application_id, promotion_id, state, state_reason, ready_replicas, wanted_replicas, case when is_mixed then 'mixed' else 'none' end,
    coalesce(observed_at, deployed_at) from deployment;
