-- Who paused a webhook: unlike one that was switched off because it failed, it is as somebody wants it.
alter table webhook_target add column paused_by text not null default '';

-- What is forgotten after a while is looked for by when it was settled, and by when it was taken.
create index webhook_delivery_settled on webhook_delivery (settled_at) where settled_at is not null;
create index outbox_event_taken on outbox_event (taken_at) where taken_at is not null;
create index webhook_delivery_event on webhook_delivery (event_id);
