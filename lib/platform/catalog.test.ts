// What the schema language cannot say, read from pg_catalog: a table without a wall, a lost trigger, index or grant fails here.
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useTestDatabase } from '#lib/testing/database'

const test = useTestDatabase()

// r, i, u, d: select, insert, update, delete. Every table of the schema is in exactly one of the lists.
type Grants = { caisson_app: string; caisson_platform: string }

/** One tenant's rows for caisson_app, by `tenant_id`. */
const tenantTables: Record<string, Grants> = {
  ...each('iru', 'iru', [
    'api_token',
    'application',
    'approval',
    'artifact',
    'component',
    'config_revision',
    'environment',
    'environment_policy',
    'freeze',
    'hold',
    'image',
    'invitation',
    'membership',
    'promotion',
    'release',
    'release_component',
    'repository',
    'retention_rule',
    'rollout',
    'rollout_step',
    'secret_key',
    'waiver',
    'webhook_target',
  ]),
  ...each('ir', 'ir', [
    'backup_part',
    'config_default',
    'config_schema',
    'evidence',
    'hand_off',
    'kit',
    'kit_revision',
    'kit_stage',
    'pruned_release',
    'release_approval',
    'restore_drill',
    'secret_version',
    'sign_off',
    'tag_claim',
  ]),
  ...each('dir', 'dir', ['registry_pin']),
  ...each('iru', 'diru', ['outbox_event', 'readiness_change', 'webhook_attempt', 'webhook_delivery']),
  ...each('diru', 'diru', ['blob_upload', 'deployment', 'gateway_route', 'live_event', 'manifest', 'replica', 'repository_blob', 'tag']),
}

/** Rows that a tenant only reads, by `log`; written once. */
const auditTables: Record<string, Grants> = {
  audit_entry: { caisson_app: 'ir', caisson_platform: 'ir' },
  audit_unsealed: { caisson_app: 'ir', caisson_platform: 'dir' },
  audit_chain: { caisson_app: 'r', caisson_platform: 'ir' },
  audit_node: { caisson_app: 'r', caisson_platform: 'ir' },
  audit_checkpoint: { caisson_app: 'r', caisson_platform: 'ir' },
  audit_log_state: { caisson_app: 'r', caisson_platform: 'iru' },
}

/** Rows of the installation. */
const platformTables: Record<string, Grants> = {
  tenant: { caisson_app: 'ru', caisson_platform: 'iru' },
  user: { caisson_app: 'r', caisson_platform: 'iru' },
  ...each('', 'diru', ['credential', 'session', 'sign_in_throttle']),
  ...each('', 'iru', ['backup']),
  platform_setting: { caisson_app: 'r', caisson_platform: 'diru' },
}

const tables = { ...tenantTables, ...auditTables, ...platformTables }

const ownTenant = '(tenant_id = ( SELECT caisson_tenant() AS caisson_tenant))'
const ownLog = '(log = ( SELECT caisson_tenant() AS caisson_tenant))'
const anyRow = 'caisson_platform ALL true true'

/** `role command using check` of each policy, by name. */
const policies: Record<string, Record<string, string>> = {
  ...Object.fromEntries(
    Object.keys(tenantTables).map((table) => [table, { platform_rows: anyRow, tenant_rows: `caisson_app ALL ${ownTenant} ${ownTenant}` }]),
  ),
  ...Object.fromEntries(Object.keys(auditTables).map((table) => [table, { platform_rows: anyRow, tenant_reads: `caisson_app SELECT ${ownLog} -` }])),
  ...Object.fromEntries(['backup', 'credential', 'session', 'sign_in_throttle'].map((table) => [table, { platform_rows: anyRow }])),
  platform_setting: { platform_rows: anyRow, runtime_facts: "caisson_app SELECT (key ~~ 'runtime:%'::text) -" },
  audit_entry: { platform_rows: anyRow, tenant_reads: `caisson_app SELECT ${ownLog} -`, tenant_appends: `caisson_app INSERT - ${ownLog}` },
  audit_unsealed: { platform_rows: anyRow, tenant_reads: `caisson_app SELECT ${ownLog} -`, tenant_appends: `caisson_app INSERT - ${ownLog}` },
  tenant: { platform_rows: anyRow, tenant_rows: `caisson_app ALL ${ownTenant.replace('tenant_id', 'id')} ${ownTenant.replace('tenant_id', 'id')}` },
  user: {
    platform_rows: anyRow,
    tenant_people:
      'caisson_app SELECT (EXISTS ( SELECT 1 FROM membership m WHERE ((m.user_id = "user".id) AND (m.tenant_id = ( SELECT caisson_tenant() AS caisson_tenant))))) -',
  },
}

/** Triggers that are not a constraint's: `table.name` → function, when. */
const triggers: Record<string, string> = {
  ...Object.fromEntries(
    ['audit_chain', 'audit_checkpoint', 'audit_entry', 'audit_node'].flatMap((table) => [
      [`${table}.append_only`, 'BEFORE DELETE OR UPDATE FOR EACH ROW refuse_change()'],
      [`${table}.append_only_whole`, 'BEFORE TRUNCATE FOR EACH STATEMENT refuse_change()'],
    ]),
  ),
  'audit_entry.queue_for_sealing': 'AFTER INSERT REFERENCING NEW TABLE AS added FOR EACH STATEMENT queue_for_sealing()',
  ...Object.fromEntries(
    [
      'backup_part',
      'release_component',
      'config_default',
      'config_revision',
      'config_schema',
      'environment_policy',
      'evidence',
      'hand_off',
      'kit',
      'kit_revision',
      'kit_stage',
      'pruned_release',
      'release_approval',
      'restore_drill',
      'secret_version',
      'sign_off',
    ].map((table) => [`${table}.immutable`, 'BEFORE DELETE OR UPDATE FOR EACH ROW refuse_change()']),
  ),
  'approval.immutable': 'BEFORE UPDATE FOR EACH ROW refuse_redecision()',
  'deployment.history': 'AFTER INSERT OR DELETE OR UPDATE FOR EACH ROW deployment_history()',
  'replica.history': 'AFTER INSERT OR DELETE OR UPDATE FOR EACH ROW replica_history()',
  'image.immutable': 'BEFORE UPDATE FOR EACH ROW refuse_rebuild()',
  'release.immutable': 'BEFORE UPDATE FOR EACH ROW refuse_rename()',
  'tag.claimed': 'BEFORE INSERT FOR EACH ROW claim_tag()',
  'tag_claim.immutable': 'BEFORE DELETE OR UPDATE FOR EACH ROW refuse_change()',
  'tag.immutable': 'BEFORE UPDATE FOR EACH ROW refuse_retag()',
}

const partialUniqueIndexes: Record<string, string> = {
  backup_one_open: "(state = ANY (ARRAY['requested'::text, 'running'::text]))",
  approval_one_standing: '(voided_at IS NULL)',
  hold_one_standing: '(lifted_at IS NULL)',
  webhook_delivery_once: '(replay_of IS NULL)',
  webhook_target_one_name: '(removed_at IS NULL)',
  invitation_one_open: '((accepted_at IS NULL) AND (revoked_at IS NULL))',
  readiness_change_one_open: '(until_at IS NULL)',
  promotion_one_unsettled: "(state = ANY (ARRAY['requested'::text, 'approved'::text, 'rolling_out'::text]))",
}

const constraints = [
  'application_slug',
  'approval_promotion_fkey',
  'backup_part_backup_id_fkey',
  'backup_state',
  'webhook_attempt_delivery_id_fkey',
  'webhook_delivery_event_id_fkey',
  'webhook_delivery_state',
  'webhook_delivery_target_id_fkey',
  'restore_drill_kind',
  'restore_drill_result',
  'audit_chain_entry_fkey',
  'audit_chain_link',
  'audit_chain_prev_fkey',
  'audit_chain_seq',
  'environment_slug',
  'evidence_origin',
  'evidence_outcome',
  'evidence_scope',
  'hand_off_revision_fkey',
  'kit_stage_outcome',
  'kit_stage_revision_fkey',
  'manifest_repository_fkey',
  'promotion_kind',
  'promotion_state',
  'pruned_release_release_id_fkey',
  'readiness_change_order',
  'registry_pin_manifest_fkey',
  'release_component_image_fkey',
  'release_component_release_fkey',
  'retention_rule_application_id_fkey',
  'retention_rule_keep',
  'rollout_promotion_fkey',
  'tag_manifest_fkey',
  'tenant_slug',
  'tenant_tier',
  ...Object.keys(tenantTables).map((table) => `${table}_tenant_fkey`),
]

describe('the database', () => {
  let client: Client
  beforeAll(async () => {
    client = new Client({ connectionString: test.ownerUrl })
    await client.connect()
  })
  afterAll(() => client.end())
  const ask = async <T extends object>(sql: string): Promise<T[]> => (await client.query<T>(sql)).rows

  it('has only tables that this file knows, and each with its wall up for its owner too', async () => {
    const rows = await ask<{ name: string; is_walled: boolean; has_tenant: boolean }>(`
      select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as is_walled,
        exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as has_tenant
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname <> '_prisma_migrations'`)
    expect(sorted(rows.map(({ name }) => name))).toEqual(sorted(Object.keys(tables)))
    expect(rows.filter((row) => !row.is_walled)).toEqual([])
    expect(sorted(rows.filter((row) => row.has_tenant).map(({ name }) => name))).toEqual(sorted(Object.keys(tenantTables)))
  })

  it('has exactly these policies', async () => {
    const rows = await ask<{ table: string; name: string; says: string }>(`
      select tablename as table, policyname as name,
        concat_ws(' ', array_to_string(roles, ','), cmd, regexp_replace(coalesce(qual, '-'), '\\s+', ' ', 'g'), coalesce(with_check, '-')) as says
      from pg_policies where schemaname = 'public'`)
    const found: Record<string, Record<string, string>> = {}
    for (const { table, name, says } of rows) (found[table] ??= {})[name] = says
    expect(found).toEqual(policies)
  })

  it('grants each role exactly this on each table, and nobody else anything', async () => {
    const rows = await ask<{ table: string; grantee: string; may: string }>(`
      select c.relname as table, case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee,
        string_agg(case a.privilege_type when 'SELECT' then 'r' when 'INSERT' then 'i' when 'UPDATE' then 'u' when 'DELETE' then 'd' else a.privilege_type end, ''
          order by case a.privilege_type when 'DELETE' then 1 when 'INSERT' then 2 when 'SELECT' then 3 when 'UPDATE' then 4 else 5 end) as may
      from pg_class c cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and a.grantee <> c.relowner group by 1, 2`)
    const found = Object.fromEntries(rows.map(({ table, grantee, may }) => [`${table} ${grantee}`, may]))
    const expected = Object.entries(tables).flatMap(([table, grants]) =>
      Object.entries(grants).flatMap(([role, may]) => (may === '' ? [] : [[`${table} ${role}`, may]])),
    )
    expect(found).toEqual(Object.fromEntries(expected))
    const columns = await ask(`select attrelid::regclass, attname from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and a.attacl is not null`)
    expect(columns).toEqual([])
  })

  it('has these triggers, and all of them are on', async () => {
    const rows = await ask<{ name: string; definition: string; enabled: string }>(`
      select c.relname || '.' || t.tgname as name, t.tgenabled as enabled,
        regexp_replace(pg_get_triggerdef(t.oid), '^CREATE TRIGGER \\S+ (.*) ON \\S+ ((?:REFERENCING .* )?FOR EACH \\w+) EXECUTE FUNCTION (.*)$', '\\1 \\2 \\3') as definition
      from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'public'::regnamespace and not t.tgisinternal`)
    expect(Object.fromEntries(rows.map(({ name, definition }) => [name, definition]))).toEqual(triggers)
    expect(rows.filter(({ enabled }) => enabled !== 'O')).toEqual([])
  })

  it('has these partial unique indexes', async () => {
    const rows = await ask<{ name: string; predicate: string }>(`
      select c.relname as name, pg_get_expr(i.indpred, i.indrelid) as predicate from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = 'public'::regnamespace and i.indisunique and i.indpred is not null`)
    expect(Object.fromEntries(rows.map(({ name, predicate }) => [name, predicate]))).toEqual(partialUniqueIndexes)
  })

  it('has these constraints, and all of them were checked', async () => {
    const rows = await ask<{ name: string; is_valid: boolean }>(`
      select conname as name, convalidated as is_valid from pg_constraint where connamespace = 'public'::regnamespace`)
    const names = rows.map(({ name }) => name)
    expect(constraints.filter((name) => !names.includes(name))).toEqual([])
    expect(rows.filter((row) => !row.is_valid)).toEqual([])
  })

  it('lets neither role sign in, own, create or step over a wall', async () => {
    const rows = await ask(
      `select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname like 'caisson\\_%'`,
    )
    const plain = { rolcanlogin: false, rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }
    expect(rows).toHaveLength(2)
    expect(rows).toEqual(
      expect.arrayContaining([
        { rolname: 'caisson_app', ...plain },
        { rolname: 'caisson_platform', ...plain },
      ]),
    )
    const owned = await ask(`select relname from pg_class where relowner::regrole::text like 'caisson\\_%'`)
    expect(owned).toEqual([])
    const [may] = await ask<{ app: boolean; platform: boolean }>(
      `select has_schema_privilege('caisson_app', 'public', 'create') as app, has_schema_privilege('caisson_platform', 'public', 'create') as platform`,
    )
    expect(may).toEqual({ app: false, platform: false })
  })

  it('has one function that acts with the rights of the owner, and it is closed to the public', async () => {
    const rows = await ask<{ name: string; is_public: boolean; settings: string }>(`
      select proname as name, has_function_privilege('public', oid, 'execute') as is_public, array_to_string(proconfig, ';') as settings
      from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`)
    expect(rows).toEqual([{ name: 'caisson_enqueue', is_public: false, settings: 'search_path=pg_catalog, public' }])
  })
})

function each(app: string, platform: string, names: readonly string[]): Record<string, Grants> {
  return Object.fromEntries(names.map((name) => [name, { caisson_app: app, caisson_platform: platform }]))
}

function sorted(names: readonly string[]): string[] {
  return names.toSorted()
}
