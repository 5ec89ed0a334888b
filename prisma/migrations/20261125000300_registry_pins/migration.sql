-- What keeps an image: pins, and the memory of tag names (docs/decisions/0030).
create table tag_claim (
  tenant_id text not null,
  repository_id text not null,
  name text not null,
  digest text not null,
  claimed_at timestamptz(3) not null default current_timestamp,
  constraint tag_claim_pkey primary key (repository_id, name)
);
create index tag_claim_tenant_id_idx on tag_claim (tenant_id);

create table registry_pin (
  tenant_id text not null,
  repository_id text not null,
  digest text not null,
  pinned_by text not null,
  reason text not null,
  pinned_at timestamptz(3) not null default current_timestamp,
  constraint registry_pin_pkey primary key (repository_id, digest, pinned_by),
  -- A pinned manifest cannot be deleted, whoever asks and whatever races.
  constraint registry_pin_manifest_fkey foreign key (repository_id, digest) references manifest (repository_id, digest)
);
create index registry_pin_tenant_id_idx on registry_pin (tenant_id);

do $$
declare
  name text;
begin
  foreach name in array array['tag_claim', 'registry_pin'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()))', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('alter table %I add constraint %I foreign key (tenant_id) references tenant (id)', name, name || '_tenant_fkey');
    execute format('grant select, insert on %I to caisson_app, caisson_platform', name);
  end loop;
end $$;
grant delete on registry_pin to caisson_app, caisson_platform;
create trigger immutable before update or delete on tag_claim for each row execute function refuse_change();

-- The trigger on tag holds for changes; this one holds for a name that was deleted and comes back. The insert waits for
-- a concurrent one of the same name, and the select after it sees who won.
create function claim_tag() returns trigger language plpgsql as $$
declare
  claimed text;
begin
  insert into tag_claim (tenant_id, repository_id, name, digest) values (new.tenant_id, new.repository_id, new.name, new.digest)
    on conflict on constraint tag_claim_pkey do nothing;
  select c.digest into claimed from tag_claim c where c.repository_id = new.repository_id and c.name = new.name;
  if claimed is distinct from new.digest then
    raise exception 'a tag never changes its digest: % refused', new.name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger claimed before insert on tag for each row execute function claim_tag();
set local role caisson_platform;
insert into tag_claim (tenant_id, repository_id, name, digest) select tenant_id, repository_id, name, digest from tag;
reset role;

-- The repositories of a tenant, of a blob, and of a manifest are what every read joins: they are one tenant's.
alter table manifest add constraint manifest_repository_fkey foreign key (repository_id) references repository (id);
alter table repository_blob add constraint repository_blob_repository_fkey foreign key (repository_id) references repository (id);
alter table blob_upload add constraint blob_upload_repository_fkey foreign key (repository_id) references repository (id);
