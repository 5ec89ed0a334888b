-- Names that could be a release's are given once and for ever; any other is free again when its tag was deleted, as clients
-- and the conformance suite of the Distribution specification expect (docs/decisions/0030).
create or replace function claim_tag() returns trigger language plpgsql as $$
declare
  claimed text;
begin
  if new.name !~ '^(v?[0-9]+\.[0-9]+\.[0-9]+.*|sha-[0-9a-f]{12})$' then
    return new;
  end if;
  insert into tag_claim (tenant_id, repository_id, name, digest) values (new.tenant_id, new.repository_id, new.name, new.digest)
    on conflict on constraint tag_claim_pkey do nothing;
  select c.digest into claimed from tag_claim c where c.repository_id = new.repository_id and c.name = new.name;
  if claimed is distinct from new.digest then
    raise exception 'a tag never changes its digest: % refused', new.name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
