-- Sealing: which entries wait for their place in the chain, and a chain that the database itself keeps dense and linked.

-- ── Entries without a place: one row each from the commit of the change until it is sealed ──
-- The sequencer asks this small table instead of comparing two large ones four times a second. It is a queue and no proof:
-- the sweep finds an entry that is neither in it nor in the chain.
create table audit_unsealed (
  entry_id text primary key references audit_entry (id),
  log text not null,
  created_at timestamptz not null default clock_timestamp()
);
create index audit_unsealed_log_created_at_idx on audit_unsealed (log, created_at, entry_id);

alter table audit_unsealed enable row level security;
alter table audit_unsealed force row level security;
create policy platform_rows on audit_unsealed to caisson_platform using (true) with check (true);
create policy tenant_reads on audit_unsealed for select to caisson_app using (log = (select caisson_tenant()));
create policy tenant_appends on audit_unsealed for insert to caisson_app with check (log = (select caisson_tenant()));
grant select, insert, delete on audit_unsealed to caisson_platform;
grant select, insert on audit_unsealed to caisson_app;

create function queue_for_sealing() returns trigger language plpgsql as $$
begin
  insert into audit_unsealed (entry_id, log) values (new.id, new.log);
  return null;
end $$;
create trigger queue_for_sealing after insert on audit_entry for each row execute function queue_for_sealing();

set local role caisson_platform;
insert into audit_unsealed (entry_id, log)
  select e.id, e.log from audit_entry e where not exists (select 1 from audit_chain c where c.entry_id = e.id);
reset role;

-- ── No gap and no fork, whoever writes: a link other than the first names the hash of the one before it ──
alter table audit_chain add column prev_seq bigint generated always as (nullif(seq, 0) - 1) stored;
alter table audit_chain add constraint audit_chain_seq check (seq >= 0 and (seq > 0 or prev_hash = repeat('0', 64)));
alter table audit_chain add constraint audit_chain_link unique (log, seq, hash);
alter table audit_chain add constraint audit_chain_prev_fkey
  foreign key (log, prev_seq, prev_hash) references audit_chain (log, seq, hash);
