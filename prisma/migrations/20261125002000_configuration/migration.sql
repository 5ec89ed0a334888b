-- Configuration in layers, secrets, and what JARs say about their own configuration.

-- What a revision of a place says itself, beside the effective document: '' where it is the whole document (as before there were layers).
alter table config_revision
  add column own text not null default '',
  add column layers text not null default '{}',
  add column note text not null default '';

-- The defaults of an application (in all environments) or of an environment (for all applications), in immutable numbered revisions.
create table config_default (
  id text primary key,
  tenant_id text not null,
  layer text not null constraint config_default_layer check (layer in ('application', 'environment')),
  scope_id text not null,
  number integer not null,
  document text not null,
  hash text not null,
  created_at timestamptz(3) not null default now(),
  created_by text not null
);
create unique index config_default_layer_scope_id_number_key on config_default (layer, scope_id, number);
create index config_default_tenant_id_idx on config_default (tenant_id);

-- The data key of a tenant, wrapped by the key-encryption key of the installation; only the wrapping ever changes.
create table secret_key (
  id text primary key,
  tenant_id text not null,
  wrapped bytea not null,
  kek_id text not null,
  created_at timestamptz(3) not null default now(),
  wrapped_at timestamptz(3) not null default now()
);
create unique index secret_key_tenant_id_key on secret_key (tenant_id);

-- A version of a secret of (environment, application); an empty `sealed` says that it was taken away.
create table secret_version (
  id text primary key,
  tenant_id text not null,
  environment_id text not null,
  application_id text not null,
  name text not null,
  number integer not null,
  sealed bytea not null,
  key_id text not null,
  fingerprint text not null,
  created_at timestamptz(3) not null default now(),
  created_by text not null
);
create unique index secret_version_environment_id_application_id_name_number_key on secret_version (environment_id, application_id, name, number);
create index secret_version_tenant_id_idx on secret_version (tenant_id);

-- Configuration properties by the digest of their list; most releases of an application share one.
create table config_schema (
  id text primary key,
  tenant_id text not null,
  digest text not null,
  properties text not null,
  count integer not null,
  created_at timestamptz(3) not null default now()
);
create unique index config_schema_tenant_id_digest_key on config_schema (tenant_id, digest);

-- '' for an image whose JAR says nothing, or was inspected before this was read.
alter table image add column config_schema text not null default '';

-- Names, versions and fingerprints of the secrets that are promised.
alter table deployment add column secrets text not null default '[]';

do $$
declare
  name text;
begin
  foreach name in array array['config_default', 'secret_key', 'secret_version', 'config_schema'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I to caisson_app using (tenant_id = (select caisson_tenant())) with check (tenant_id = (select caisson_tenant()))', name);
    execute format('create policy platform_rows on %I to caisson_platform using (true) with check (true)', name);
    execute format('grant select, insert on %I to caisson_app, caisson_platform', name);
    execute format('alter table %I add constraint %I foreign key (tenant_id) references tenant (id)', name, name || '_tenant_fkey');
  end loop;
  foreach name in array array['config_default', 'secret_version', 'config_schema'] loop
    execute format('create trigger immutable before update or delete on %I for each row execute function refuse_change()', name);
  end loop;
end $$;
-- Wrapped again by a new key-encryption key.
grant update on secret_key to caisson_app, caisson_platform;
