import { describe, expect, it } from 'vitest'
import { configDocumentSchema } from '#lib/configuration/config-document'
import { judgeProductionRules, type ProductionRuleResult } from '#lib/configuration/production-rules'

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
  ['secrets', 'failed', {}, { specs: [{ CONFIG: '/app/.env' }] }],
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
  ['transport', 'failed', {}, { specs: [{ INSECURE_HTTP: '1' }] }],
  [
    'transport',
    'passed',
    { flags: { INSECURE_HTTP: false }, variables: { TLS_CERT_FILE: '/c', TLS_KEY_FILE: '/k' } },
    { specs: [{ INSECURE_HTTP: '1' }] },
  ],
  ['bootstrap', 'passed', { flags: { ORDERS_LOCAL_BOOTSTRAP_ENABLED: false } }],
  ['bootstrap', 'failed', { flags: { ORDERS_LOCAL_BOOTSTRAP_ENABLED: true } }],
]

describe('the rules of production', () => {
  it.each(table)('S3.33 S3.34 S3.35 S3.37: the rule %s is %s for %j %j', (rule, outcome, overlay, more = {}) => {
    const results = judgeProductionRules({ document: configDocumentSchema.parse(overlay), specs: [], isProtected: true, ...more })
    expect(results.find((one) => one.rule === rule)?.outcome).toBe(outcome)
  })
})
