-- What a rollout keeps of itself: when it entered each phase, what it replaced, what verification saw.
alter table rollout
  add column phase_times text not null default '{}',
  add column replaced text not null default '',
  add column checks text not null default '[]';

-- Since when a replica is in its state.
alter table replica add column since timestamptz(3) not null default now();

-- A first rollout that left nothing behind takes its promise back: then nothing is promised here.
grant delete on deployment to caisson_app, caisson_platform;
