import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { checkConfig } from '#lib/configuration/check-config'
import { configDocumentSchema, defaultConfig } from '#lib/configuration/config-document'
import { knownKeysOf, type KnownKeys } from '#lib/configuration/known-keys'
import { firstRevision } from '#lib/configuration/revision'
import type { SignOffState } from '#lib/evidence/checklist'
import type { ItemStatus } from '#lib/evidence/item'
import { evaluateGates } from '#lib/promotions/evaluate-gates'
import { blocks, sortGates, waits, type GateOutcome } from '#lib/promotions/gates'
import type { GateFacts } from '#lib/promotions/gates/gate-facts'
import type { WaiverFacts } from '#lib/promotions/situation'
import { componentSpecSchema } from '#lib/tenants/component-spec'
import { defaultPolicy, environmentPolicySchema } from '#lib/tenants/environment-policy'
import { gateNames, type GateName } from '#lib/tenants/gate-names'

const now = new Date('2026-03-01T12:00:00Z')
const before = new Date('2026-03-01T11:59:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const digest = `sha256:${'a'.repeat(64)}`

const component = {
  name: 'app',
  repository: 'northwind/orders',
  digest,
  baseDigest: '',
  spec: componentSpecSchema.parse({}),
  taggedDigest: digest,
  javaLevel: 17,
  hasManifest: true,
  uploadedBy: 'dev',
  configSchema: '',
}
const checked = ({ spec }: Pick<typeof component, 'spec'>) => ({ spec, known: undefined })

type Upstream = GateFacts['upstream'][number]
const staging: Upstream = {
  slug: 'staging',
  completedAt: before,
  deployment: { releaseId: 'r1', state: 'ready', stateReason: '', observedAt: before, isStopped: false, readyReplicas: 2, replicas: 2 },
  runs: 'v1.0.0',
  isRollingOut: false,
}
const freeze = { id: 'f', kind: 'window', environmentId: null, applicationId: null, reason: 'year end', incident: '', startsAt: before, endsAt: null }

/** Facts under which every gate that exists passes, but evidence. */
const good: GateFacts = {
  now,
  kind: 'promote',
  tenant: { slug: 'northwind', tier: 'HIGH' },
  application: { slug: 'orders' },
  environment: { slug: 'prod', isWithinTier: true, isProtected: true },
  runs: '',
  deployedAt: null,
  backupAt: null,
  release: { id: 'r1', name: 'v1.0.0', components: [component] },
  upstream: [staging],
  completedHereAt: null,
  freezes: [],
  opensAt: null,
  hold: null,
  revision: firstRevision,
  configProblems: () => checkConfig(defaultConfig, [component].map(checked), new Set()),
  approvedEarlier: [],
  requestedBy: 'manager',
  approvals: [{ approverId: 'approver', decidedAt: before }],
  approvalRules: {
    required: 1,
    roles: ['approver'],
    expiresAfterHours: 24,
    fourEyes: true,
    excludesUploader: false,
    authenticatedWithinHours: 12,
    acceptsEarlier: true,
  },
  evidence: null,
}

const withDeployment = (change: Partial<NonNullable<Upstream['deployment']>>): Upstream[] => [
  { ...staging, deployment: { ...(staging.deployment as NonNullable<Upstream['deployment']>), ...change } },
]
const requires = (key: string) => ({ ...good.release, components: [{ ...component, spec: componentSpecSchema.parse({ requiredKeys: [key] }) }] })
const upgrade = (name: string, upgradesFrom?: string[]) => ({
  ...good.release,
  name,
  components: [{ ...component, spec: componentSpecSchema.parse(upgradesFrom ? { upgradesFrom } : {}) }],
})
/** A release and the configuration that it would run with. */
const runs = (
  release: GateFacts['release'],
  overlay: z.input<typeof configDocumentSchema> = {},
  options: { secrets?: string[]; known?: KnownKeys } = {},
): Partial<GateFacts> => ({
  release,
  revision: { ...firstRevision, document: configDocumentSchema.parse(overlay) },
  configProblems: () =>
    checkConfig(
      configDocumentSchema.parse(overlay),
      release.components.map((one) => ({ ...checked(one), known: options.known })),
      new Set(options.secrets),
    ),
})
const metadata = knownKeysOf([
  { name: 'server.port', type: 'java.lang.Integer' },
  { name: 'spring.datasource.url', type: 'java.lang.String' },
  { name: 'logging.level', type: 'java.util.Map<java.lang.String,java.lang.String>' },
])

/** Evidence with one item before, and one sign-off upstream. */
function known(status: ItemStatus, signOffState: SignOffState): NonNullable<GateFacts['evidence']> {
  const item = { control: 'backup-proof', title: 'Backup proof', when: 'before', status, reason: '' } as const
  const signed = { items: [{ ...item, status: 'pass' as const }], signOffState, signOffReason: '' }
  return { here: { items: [item], signOffState: 'unsigned', signOffReason: '' }, upstream: [{ slug: 'staging', checklist: signed }] }
}

interface Row {
  gate: GateName
  when: string
  facts: Partial<GateFacts>
  outcome: GateOutcome
  says: RegExp
}

const table: Row[] = [
  { gate: 'tier', when: 'the tier has it', facts: {}, outcome: 'passed', says: /HIGH has prod/ },
  {
    gate: 'tier',
    when: 'it is over the limit',
    facts: { environment: { slug: 'qa', isWithinTier: false, isProtected: false } },
    outcome: 'failed',
    says: /read-only/,
  },
  {
    gate: 'tier',
    when: 'nothing new comes in',
    facts: { kind: 'stop', environment: { slug: 'qa', isWithinTier: false, isProtected: false } },
    outcome: 'not_applicable',
    says: /nothing new/,
  },

  { gate: 'order', when: 'it completed upstream', facts: {}, outcome: 'passed', says: /completed in staging/ },
  {
    gate: 'order',
    when: 'it did not complete upstream',
    facts: { upstream: [{ ...staging, completedAt: null }] },
    outcome: 'failed',
    says: /has not completed in staging/,
  },
  {
    gate: 'order',
    when: 'it rolls out upstream now',
    facts: { upstream: [{ ...staging, completedAt: null, isRollingOut: true }] },
    outcome: 'pending',
    says: /rolling out in staging/,
  },
  {
    gate: 'order',
    when: 'the tag is gone',
    facts: { release: { ...good.release, components: [{ ...component, taggedDigest: null }] } },
    outcome: 'missing',
    says: /no tag v1.0.0/,
  },
  {
    gate: 'order',
    when: 'the tag maps to another digest',
    facts: { release: { ...good.release, components: [{ ...component, taggedDigest: `sha256:${'b'.repeat(64)}` }] } },
    outcome: 'failed',
    says: /Digest mismatch/,
  },
  { gate: 'order', when: 'nothing is upstream', facts: { kind: 'deploy', upstream: [] }, outcome: 'not_applicable', says: /Nothing is upstream/ },
  { gate: 'order', when: 'the release stays', facts: { kind: 'restart' }, outcome: 'not_applicable', says: /stays the same/ },

  { gate: 'source-health', when: 'it is ready upstream', facts: {}, outcome: 'passed', says: /2 of 2 replicas ready/ },
  {
    gate: 'source-health',
    when: 'it is degraded upstream',
    facts: { upstream: withDeployment({ state: 'degraded', readyReplicas: 1, stateReason: 'probe_failed' }) },
    outcome: 'failed',
    says: /degraded in staging: 1 of 2.*probe_failed/,
  },
  {
    gate: 'source-health',
    when: 'it rolls out upstream',
    facts: { upstream: [{ ...staging, isRollingOut: true }] },
    outcome: 'pending',
    says: /rolling out/,
  },
  {
    gate: 'source-health',
    when: 'it was never observed',
    facts: { upstream: withDeployment({ state: 'unknown', observedAt: null }) },
    outcome: 'missing',
    says: /has not been observed/,
  },
  {
    gate: 'source-health',
    when: 'the observation is old',
    facts: { upstream: withDeployment({ observedAt: new Date('2026-03-01T11:00:00Z') }) },
    outcome: 'missing',
    says: /3600 s ago/,
  },
  {
    gate: 'source-health',
    when: 'another release runs there',
    facts: {
      upstream: [{ ...staging, runs: 'v2.0.0', deployment: { ...(staging.deployment as NonNullable<Upstream['deployment']>), releaseId: 'r2' } }],
    },
    outcome: 'missing',
    says: /runs v2.0.0 now/,
  },
  {
    gate: 'source-health',
    when: 'it is stopped there',
    facts: { upstream: withDeployment({ isStopped: true }) },
    outcome: 'missing',
    says: /it is stopped/,
  },
  { gate: 'source-health', when: 'there is no source', facts: { kind: 'config' }, outcome: 'not_applicable', says: /no longer|Only a promotion/ },

  { gate: 'approvals', when: 'the quorum is there', facts: {}, outcome: 'passed', says: /1 of 1/ },
  { gate: 'approvals', when: 'one is missing', facts: { approvals: [] }, outcome: 'pending', says: /0 of 1/ },
  { gate: 'approvals', when: 'what runs is operated', facts: { kind: 'restart', approvals: [] }, outcome: 'not_applicable', says: /needs a role/ },

  { gate: 'freeze', when: 'it is open', facts: {}, outcome: 'passed', says: /open/ },
  { gate: 'freeze', when: 'it is closed', facts: { freezes: [freeze] }, outcome: 'failed', says: /closed: a freeze, “year end”/ },
  {
    gate: 'freeze',
    when: 'the line is stopped',
    facts: { freezes: [{ ...freeze, kind: 'stop_the_line', incident: 'INC-7' }] },
    outcome: 'failed',
    says: /line is stopped for INC-7/,
  },
  { gate: 'freeze', when: 'a rollback passes', facts: { kind: 'rollback', freezes: [freeze] }, outcome: 'passed', says: /Exempt/ },
  { gate: 'freeze', when: 'what runs is operated', facts: { kind: 'scale', freezes: [freeze] }, outcome: 'not_applicable', says: /operates/ },

  { gate: 'config', when: 'no key is required', facts: {}, outcome: 'passed', says: /has every required key/ },
  {
    gate: 'config',
    when: 'a required key is set',
    facts: runs(requires('DB_URL'), { variables: { DB_URL: 'x' } }),
    outcome: 'passed',
    says: /has every required key/,
  },
  {
    gate: 'config',
    when: 'a required key is a connection whose secret is set',
    facts: runs(requires('DB_URL'), { connections: { DB_URL: { secret: 'orders-db' } } }, { secrets: ['orders-db'] }),
    outcome: 'passed',
    says: /has every required key/,
  },
  {
    gate: 'config',
    when: 'a connection refers to a secret without a value',
    facts: runs(requires('DB_URL'), { connections: { DB_URL: { secret: 'orders-db' } } }),
    outcome: 'failed',
    says: /The secret orders-db is referred to and has no value in prod/,
  },
  {
    gate: 'config',
    when: 'a secret stands in the open',
    facts: runs(good.release, { variables: { SPRING_DATASOURCE_PASSWORD: 'hunter2hunter2' } }),
    outcome: 'failed',
    says: /^SPRING_DATASOURCE_PASSWORD \(its name says that it is a secret\) looks like a secret in the open\.$/,
  },
  {
    gate: 'config',
    when: 'a key is unknown to the metadata of the JAR',
    facts: runs(good.release, { variables: { SERVER_PROT: '8080' } }, { known: metadata }),
    outcome: 'failed',
    says: /SERVER_PROT \(server.port\?\) is unknown to the configuration metadata of v1.0.0/,
  },
  {
    gate: 'config',
    when: 'keys are known in any spelling, or nothing that the metadata speak of',
    facts: runs(
      good.release,
      {
        variables: { SERVER_PORT: '1', 'spring.datasource.url': 'x', LOGGING_LEVEL_ORG_EXAMPLE: 'debug', TZ: 'UTC' },
        jvmArguments: ['-Dserver.port=2'],
      },
      { known: metadata },
    ),
    outcome: 'passed',
    says: /none that is unknown/,
  },
  {
    gate: 'config',
    when: 'a required key is not set',
    facts: runs(requires('DB_URL')),
    outcome: 'failed',
    says: /DB_URL is required by v1.0.0/,
  },
  {
    gate: 'config',
    when: 'a required key is named like a thing of the language',
    facts: runs(requires('constructor')),
    outcome: 'failed',
    says: /constructor is required/,
  },
  {
    gate: 'production-rules',
    when: 'it keeps them',
    facts: runs(good.release, { replicas: 2 }),
    outcome: 'passed',
    says: /keeps the 9 rules/,
  },
  {
    gate: 'production-rules',
    when: 'one replica would run in production, and without TLS',
    facts: runs(good.release, { flags: { INSECURE_HTTP: true } }),
    outcome: 'failed',
    says: /1 replica in a protected environment.*INSECURE_HTTP is on/,
  },
  { gate: 'production-rules', when: 'nothing changes', facts: { kind: 'stop' }, outcome: 'not_applicable', says: /Neither/ },
  { gate: 'config', when: 'nothing changes', facts: { kind: 'stop' }, outcome: 'not_applicable', says: /Neither/ },

  { gate: 'evidence', when: 'none was looked at', facts: {}, outcome: 'missing', says: /No evidence was looked at/ },
  { gate: 'evidence', when: 'all is known and signed', facts: { evidence: known('pass', 'valid') }, outcome: 'passed', says: /Complete and signed/ },
  {
    gate: 'evidence',
    when: 'something is open here',
    facts: { evidence: known('missing', 'valid') },
    outcome: 'missing',
    says: /Open for v1.0.0 in prod/,
  },
  {
    gate: 'evidence',
    when: 'something was skipped',
    facts: { evidence: known('skipped', 'valid') },
    outcome: 'missing',
    says: /backup proof \(skipped\)/,
  },
  { gate: 'evidence', when: 'something is expired', facts: { evidence: known('expired', 'valid') }, outcome: 'missing', says: /\(expired\)/ },
  { gate: 'evidence', when: 'something failed here', facts: { evidence: known('fail', 'valid') }, outcome: 'failed', says: /backup proof \(fail\)/ },
  { gate: 'evidence', when: 'an item is waived', facts: { evidence: known('waived', 'valid') }, outcome: 'passed', says: /is known/ },
  { gate: 'evidence', when: 'upstream is unsigned', facts: { evidence: known('pass', 'unsigned') }, outcome: 'missing', says: /Nobody has signed/ },
  {
    gate: 'evidence',
    when: 'the sign-off is invalid',
    facts: { evidence: known('pass', 'invalid') },
    outcome: 'failed',
    says: /does not count any more/,
  },
  { gate: 'evidence', when: 'nothing new comes in', facts: { kind: 'restart' }, outcome: 'not_applicable', says: /nothing new/ },
  { gate: 'contract', when: 'nothing runs here', facts: {}, outcome: 'passed', says: /first one here/ },
  { gate: 'contract', when: 'the line before runs', facts: { runs: 'v0.9.0', release: upgrade('v0.10.0') }, outcome: 'passed', says: /after v0\.9/ },
  {
    gate: 'contract',
    when: 'a line is skipped',
    facts: { runs: 'v0.1.0', release: upgrade('v0.3.0') },
    outcome: 'failed',
    says: /needs v0\.2\.x first/,
  },
  { gate: 'contract', when: 'a major version is crossed', facts: { runs: 'v0.9.0' }, outcome: 'failed', says: /declares no line/ },
  {
    gate: 'contract',
    when: 'a crossing is declared',
    facts: { runs: 'v0.9.0', release: upgrade('v1.0.0', ['v0.9']) },
    outcome: 'passed',
    says: /declares that it upgrades/,
  },
  { gate: 'contract', when: 'a preview comes', facts: { release: upgrade('v1.0.0-preview1') }, outcome: 'failed', says: /out of contract/ },
  { gate: 'contract', when: 'a name is no version', facts: { runs: 'sha-0123456789ab' }, outcome: 'missing', says: /no version/ },
  { gate: 'contract', when: 'it goes back', facts: { kind: 'rollback', runs: 'v2.0.0' }, outcome: 'not_applicable', says: /was here before/ },
]

table.push(
  { gate: 'backup', when: 'there is none', facts: {}, outcome: 'missing', says: /No completed backup/ },
  { gate: 'backup', when: 'it is newer than what runs', facts: { backupAt: before, deployedAt: hoursAgo(2) }, outcome: 'passed', says: /newer/ },
  {
    gate: 'backup',
    when: 'it is older than what runs',
    facts: { backupAt: hoursAgo(3), deployedAt: hoursAgo(2) },
    outcome: 'failed',
    says: /older than/,
  },
  { gate: 'backup', when: 'it is too old', facts: { backupAt: hoursAgo(25), deployedAt: hoursAgo(30) }, outcome: 'failed', says: /25 hours old; 24/ },
  { gate: 'backup', when: 'nothing new comes in', facts: { kind: 'scale' }, outcome: 'not_applicable', says: /nothing new/ },
)

const policyOf = (gate: GateName, mode: 'block' | 'warn' = 'block') => ({
  version: 3,
  document: environmentPolicySchema.parse({ gates: { [gate]: { mode, params: {} } } }),
})
const waiverFor = (gate: string, grantedBy = 'approver', endsAt = new Date('2026-03-02T00:00:00Z')): WaiverFacts => ({
  id: 'w1',
  environmentId: 'e',
  gate,
  reason: 'hotfix',
  grantedBy,
  endsAt,
})

describe('S2.13: the gates, each with the outcomes that it has', () => {
  for (const { gate, when, facts, outcome, says } of table) {
    it(`${gate} is ${outcome} when ${when}`, () => {
      const [result] = evaluateGates({ ...good, ...facts }, policyOf(gate), [])
      expect(result).toMatchObject({ gate, outcome, mode: 'block', reason: expect.stringMatching(says) })
      const isOpen = outcome === 'failed' || outcome === 'missing' || outcome === 'pending'
      expect(result && blocks(result)).toBe(isOpen)
      expect(result?.fix === null).toBe(!isOpen)
    })
  }

  for (const { gate, when, facts, outcome } of table.filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'missing' || outcome === 'pending',
  )) {
    it(`${gate} is waived, by name and until when, when ${when}`, () => {
      const [result] = evaluateGates({ ...good, ...facts }, policyOf(gate), [waiverFor(gate)])
      expect(result).toMatchObject({ outcome: 'waived', fix: null, waiver: { id: 'w1', by: 'approver', reason: 'hotfix' } })
      expect(result && blocks(result)).toBe(false)
      for (const no of [waiverFor('soak'), waiverFor(gate, 'manager'), waiverFor(gate, 'approver', now)]) {
        expect(evaluateGates({ ...good, ...facts }, policyOf(gate), [no])[0]?.outcome).toBe(outcome)
      }
    })
  }
})

describe('the required keys', () => {
  it.each([
    ['S3.13', ['DATABASE_URL', 'REDIS_URL', 'ZONE_KEK', 'AUDIT_HMAC_KEY', 'ISSUER_URL']],
    ['S3.17', ['DATABASE_URL', 'REDIS_URL', 'ADMIN_TOKEN', 'AUDIT_HMAC_KEY', 'STS_URL']],
  ])('S3.13 S3.17: of a service like that of %s block when any one of them is not set, which is named', (_row, requiredKeys) => {
    const release = { ...good.release, components: [{ ...component, spec: componentSpecSchema.parse({ requiredKeys }) }] }
    const variables = (left: string) => Object.fromEntries(requiredKeys.filter((key) => key !== left).map((key) => [key, 'set']))
    const judged = (left: string) => evaluateGates({ ...good, ...runs(release, { variables: variables(left) }) }, policyOf('config'), [])[0]
    const plaintext = judged('')
    expect(plaintext?.facts.filter(({ value }) => value === 'not set')).toEqual([])
    for (const left of requiredKeys) {
      const result = judged(left)
      expect(result && blocks(result)).toBe(true)
      expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(`${left} is required`) })
      expect(result?.facts.filter(({ value }) => value === 'not set')).toEqual([{ name: left, value: 'not set' }])
    }
  })
})

describe('S4.9 S4.19: the gate backup', () => {
  it('is asked in a protected environment for a path with a preview end, whatever the policy says', () => {
    const nothing = { version: 1, document: environmentPolicySchema.parse({}) }
    const path = (runs: string, name: string, more: Partial<GateFacts> = {}) =>
      evaluateGates({ ...good, runs, release: { ...good.release, name }, ...more }, nothing, []).map(({ gate, outcome }) => `${gate} ${outcome}`)
    expect(path('v1.0.0-preview1', 'v1.0.0')).toEqual(['backup missing'])
    expect(path('v1.0.0', 'v1.1.0-preview1')).toEqual(['contract failed', 'backup missing'])
    expect(path('v1.0.0-preview1', 'v1.0.0', { backupAt: before, deployedAt: hoursAgo(1) })).toEqual(['backup passed'])
    expect(path('v1.0.0', 'v1.1.0')).toEqual([])
    expect(path('', 'v1.0.0-preview1')).toEqual(['contract failed'])
    expect(path('v1.1.0-preview1', 'v1.0.0', { kind: 'rollback' })).toEqual([])
    expect(path('v1.0.0-preview1', 'v1.0.0', { environment: { slug: 'dev', isWithinTier: true, isProtected: false } })).toEqual([])
  })
})

describe('a policy', () => {
  it('asks for gates that this version does not have: they are missing, never passed', () => {
    const known = new Set(table.map(({ gate }) => gate))
    for (const gate of gateNames.filter((name) => !known.has(name))) {
      expect(evaluateGates(good, policyOf(gate), [])[0]).toMatchObject({ outcome: 'missing', reason: expect.stringContaining(gate) })
    }
  })

  it('warns without blocking', () => {
    const [result] = evaluateGates(good, policyOf('evidence', 'warn'), [])
    expect(result).toMatchObject({ outcome: 'missing', mode: 'warn' })
    expect(result && (blocks(result) || waits(result))).toBe(false)
  })

  it('takes a kind out of a gate and says so', () => {
    const document = defaultPolicy({ slug: 'prod', isCustom: false }, 'HIGH')
    const results = evaluateGates({ ...good, kind: 'rollback', approvals: [] }, { version: 1, document }, [])
    expect(results.find(({ gate }) => gate === 'order')).toMatchObject({
      outcome: 'not_applicable',
      reason: expect.stringMatching(/version 1.*rollback/),
    })
    expect(results.filter(blocks).map(({ gate }) => gate)).toEqual(['approvals'])
  })

  it('lets a rollback stand on the approvals that its release had here before, as many as it asks for, and nothing else', () => {
    const document = defaultPolicy({ slug: 'prod', isCustom: false }, 'HIGH')
    const approvedEarlier = [{ approverId: 'approver', decidedAt: before }]
    const outcome = (facts: Partial<GateFacts>) =>
      evaluateGates({ ...good, kind: 'rollback', approvals: [], approvedEarlier, ...facts }, { version: 1, document }, []).find(
        ({ gate }) => gate === 'approvals',
      )?.outcome
    expect(outcome({})).toBe('passed')
    expect(outcome({ kind: 'promote' })).toBe('pending')
    expect(outcome({ approvalRules: { ...good.approvalRules, required: 2 } })).toBe('pending')
    expect(outcome({ approvalRules: { ...good.approvalRules, acceptsEarlier: false } })).toBe('pending')
  })

  it('shows a standing hold beside whatever the policy says, and stops what is new', () => {
    const hold = { id: 'h', environmentId: 'e', reason: 'rolled back', createdAt: before }
    const outcome = (kind: GateFacts['kind']) =>
      evaluateGates({ ...good, kind, hold }, { version: 0, document: environmentPolicySchema.parse({}) }, [])
    for (const kind of ['promote', 'deploy', 'config'] as const) expect(outcome(kind)).toMatchObject([{ gate: 'hold', outcome: 'failed' }])
    for (const kind of ['rollback', 'restart', 'stop', 'start', 'scale'] as const) {
      expect(outcome(kind)).toMatchObject([{ gate: 'hold', outcome: 'not_applicable' }])
    }
  })

  it('blocks by default exactly what the foundations say', () => {
    const names = (slug: string, isCustom: boolean, tier: 'LOW' | 'HIGH') =>
      evaluateGates(good, { version: 0, document: defaultPolicy({ slug, isCustom }, tier) }, []).flatMap(({ gate, mode }) =>
        mode === 'block' ? [gate] : [],
      )
    expect(names('dev', false, 'HIGH').sort()).toEqual(['freeze', 'tier'])
    expect(names('qa', true, 'HIGH').sort()).toEqual(['freeze', 'tier'])
    expect(names('staging', false, 'HIGH').sort()).toEqual(['config', 'freeze', 'order', 'source-health', 'tier'])
    expect(names('prod', false, 'HIGH').sort()).toEqual(['approvals', 'config', 'freeze', 'order', 'source-health', 'tier'])
    expect(names('prod', false, 'LOW').sort()).toEqual(['config', 'freeze', 'tier'])
  })

  it('shows what fails before what waits, and what passes last', () => {
    const document = defaultPolicy({ slug: 'prod', isCustom: false }, 'HIGH')
    const results = sortGates(evaluateGates({ ...good, approvals: [], freezes: [freeze] }, { version: 1, document }, []))
    expect(results.slice(0, 3).map(({ gate }) => gate)).toEqual(['freeze', 'approvals', 'evidence'])
  })
})
