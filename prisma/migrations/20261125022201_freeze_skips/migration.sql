-- Occurrences of a weekly freeze that stay open: JSON of {startsAt, reason, by, at}, by the instant at which each would have closed.
alter table "freeze" add column skips text not null default '[]';
