-- An entry costs less: all entries of a statement are queued for sealing by one statement, no row of the queue asks for its
-- entry, and of the indexes those remain that somebody reads by.

drop trigger queue_for_sealing on audit_entry;
create or replace function queue_for_sealing() returns trigger language plpgsql as $$
begin
  insert into audit_unsealed (entry_id, log) select id, log from added;
  return null;
end $$;
create trigger queue_for_sealing after insert on audit_entry
  referencing new table as added for each statement execute function queue_for_sealing();

-- An entry is never deleted, and a row of the queue without one is passed over; the chain, which proves, keeps its reference.
alter table audit_unsealed drop constraint audit_unsealed_entry_id_fkey;

-- Actors and actions are searched within a time; what is asked for exactly is a subject.
drop index audit_entry_log_actor_idx;
drop index audit_entry_log_action_idx;
create index audit_entry_log_subject_idx on audit_entry (log, subject);
