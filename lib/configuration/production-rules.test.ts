import { describe, expect, it } from 'vitest'
import { configDocumentSchema } from '#lib/configuration/config-document'
import { judgeProductionRules, type JudgedComponent, type ProductionRuleResult } from '#lib/configuration/production-rules'

const component = (more: Partial<JudgedComponent> = {}): JudgedComponent => ({
  name: 'app',
  environment: {},
  arguments: [],
  isPublic: false,
  ...more,
})
const api = (...given: string[]) => component({ name: 'api', arguments: given })
const gateway = (...given: string[]) => component({ name: 'gateway', arguments: given, isPublic: true })
const tls = { TLS_CERT_FILE: '/c', TLS_KEY_FILE: '/k' }

type Row = [rule: ProductionRuleResult['rule'], outcome: ProductionRuleResult['outcome'], overlay: Record<string, unknown>, more?: object]

const table: Row[] = [
  ['replicas', 'passed', { replicas: 2 }],
  ['replicas', 'failed', { replicas: 1 }],
  ['replicas', 'not_applicable', { replicas: 1 }, { isProtected: false }],
  ['secrets', 'passed', { connections: { DB_PASSWORD: { secret: 'db' } } }],
  ['secrets', 'failed', { variables: { DB_PASSWORD: 'hunter2' } }],
  ['secrets', 'failed', { files: { 'config/.env': 'A=b' } }],
  ['secrets', 'failed', { files: { '.env.production': 'A=b' } }],
  ['secrets', 'failed', { variables: { ORDERS_ENV_FILE: '/etc/orders' } }],
  ['secrets', 'failed', {}, { components: [component({ environment: { CONFIG: '/app/.env' } })] }],
  ['secrets', 'passed', { files: { 'config/environment.yaml': 'a: b' } }],
  ['transport', 'not_applicable', { variables: { A: 'b' } }],
  ['transport', 'failed', { flags: { INSECURE_HTTP: true } }],
  ['transport', 'failed', { variables: { INSECURE_STS: 'true', TLS_CERT_FILE: '/c', TLS_KEY_FILE: '/k' } }],
  ['transport', 'failed', { flags: { INSECURE_HTTP: false, INSECURE_STS: false } }],
  ['transport', 'failed', { variables: { TLS_CERT_FILE: '/c' } }],
  [
    'transport',
    'passed',
    { flags: { INSECURE_HTTP: false }, variables: { TLS_CERT_FILE: '/c' }, connections: { TLS_KEY_FILE: { secret: 'tls', deliver: 'file' } } },
  ],
  ['transport', 'failed', {}, { components: [component({ environment: { INSECURE_HTTP: '1' } })] }],
  [
    'transport',
    'passed',
    { flags: { INSECURE_HTTP: false }, variables: { TLS_CERT_FILE: '/c', TLS_KEY_FILE: '/k' } },
    { components: [component({ environment: { INSECURE_HTTP: '1' } })] },
  ],
  ['exposure', 'not_applicable', {}],
  ['exposure', 'passed', { variables: { SERVER_ADDRESS: '127.0.0.1' } }],
  ['exposure', 'passed', { variables: tls }, { components: [gateway('--server.address=0.0.0.0'), api('--host', '127.0.0.1:8080')] }],
  ['exposure', 'failed', {}, { components: [gateway('--server.address=0.0.0.0')] }],
  ['exposure', 'passed', {}, { components: [gateway('--server.address=0.0.0.0')], isProtected: false }],
  ['exposure', 'failed', { variables: tls }, { components: [gateway('--server.address=0.0.0.0'), api('--server.address=0.0.0.0')] }],
  ['exposure', 'failed', {}, { components: [api('--bind-address', '10.0.0.4')], isProtected: false }],
  ['exposure', 'failed', { variables: { SERVER_ADDRESS: '0.0.0.0', ...tls } }, { components: [gateway(), api()] }],
  ['exposure', 'failed', {}, { components: [component({ environment: { HOST: '::' } })] }],
  ['volumes', 'passed', { connections: { DB_URL: { secret: 'db' } } }],
  ['volumes', 'failed', { variables: { STORE: '${DATA_DIR}/h2' } }],
  ['volumes', 'failed', { jvmArguments: ['-Ddata=${DATA_DIR}'] }],
  ['volumes', 'failed', {}, { components: [api('--root-dir', '${DATA_DIR}')] }],
  ['volumes', 'not_applicable', {}, { components: [api('--root-dir', '${DATA_DIR}')], isProtected: false }],
  ['environment', 'not_applicable', {}],
  ['environment', 'passed', { variables: { ORDERS_ENV: 'production' } }],
  ['environment', 'passed', { variables: { SPRING_PROFILES_ACTIVE: 'eu,prod' } }],
  ['environment', 'failed', { variables: { ORDERS_ENV: 'development' } }],
  ['environment', 'failed', {}, { components: [component({ environment: { NODE_ENV: 'test' } })] }],
  ['environment', 'not_applicable', { variables: { ORDERS_ENV: 'development' } }, { isProtected: false }],
  ['streams', 'not_applicable', {}],
  ['streams', 'passed', { variables: { STREAMS_URL: 'redis://r' }, connections: { STREAMS_HMAC_KEY: { secret: 'hmac' } } }],
  ['streams', 'failed', { variables: { STREAMS_URL: 'redis://r' } }],
  ['streams', 'failed', { variables: { STREAMS_HMAC_KEY: 'abc' } }],
  ['leader', 'not_applicable', { replicas: 3 }],
  ['leader', 'passed', { replicas: 3, flags: { AUDIT_LEADER_ELECTION: true } }],
  ['leader', 'passed', { replicas: 1, flags: { AUDIT_LEADER_ELECTION: false } }],
  ['leader', 'failed', { replicas: 2, flags: { AUDIT_LEADER_ELECTION_ENABLED: false } }],
  ['bootstrap', 'passed', { flags: { ORDERS_LOCAL_BOOTSTRAP_ENABLED: false } }],
  ['bootstrap', 'failed', { flags: { ORDERS_LOCAL_BOOTSTRAP_ENABLED: true } }],
]

describe('the rules of production', () => {
  it.each(table)('S3.18 S3.31 S3.32 S3.33 S3.34 S3.35 S3.36 S3.37: the rule %s is %s for %j %j', (rule, outcome, overlay, more = {}) => {
    const results = judgeProductionRules({ document: configDocumentSchema.parse(overlay), components: [component()], isProtected: true, ...more })
    const result = results.find((one) => one.rule === rule)
    expect(result).toMatchObject({ outcome, reason: expect.stringMatching(/^[^\n]+\.$/) })
    expect(results).toHaveLength(9)
  })
})
