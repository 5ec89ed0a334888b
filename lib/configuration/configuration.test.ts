import { describe, expect, it } from 'vitest'
import { checkConfig } from '#lib/configuration/check-config'
import { configDocumentSchema, configHash, configText, defaultConfig, layerDocumentSchema } from '#lib/configuration/config-document'
import { compareEntries } from '#lib/configuration/entries'
import { judgeKey, knownKeysOf, nearestKey } from '#lib/configuration/known-keys'
import { explainLayers, mergeLayers } from '#lib/configuration/layers'
import { completions, shortType, whyWrongValue } from '#lib/configuration/property-value'
import { findPlaintextSecrets, isSecretName, whyPair } from '#lib/configuration/plaintext-secrets'

const layer = (value: unknown) => layerDocumentSchema.parse(value)
const takes = (value: unknown) => configDocumentSchema.safeParse(value).success

describe('an overlay', () => {
  it('S2.15: has typed groups, and a connection is nothing but a reference to a secret', () => {
    expect(takes({ connections: { DB_URL: { secret: 'orders-db' } }, flags: { NEW_CHECKOUT: true, RING: 'blue' }, jvmArguments: ['-Xmx1g'] })).toBe(
      true,
    )
    const plaintext = configDocumentSchema.safeParse({ connections: { DB_URL: 'jdbc:postgresql://app:hunter2@db/orders' } })
    expect(plaintext.error?.issues[0]?.message).toMatch(/a connection is a reference to a secret/)
    const refused = [
      { connections: { DB_URL: { secret: 'orders-db', value: 'x' } } },
      { connections: { DB_URL: { secret: '../x' } } },
      { flags: { A: 1 } },
      { variables: { A: 'x' }, flags: { A: true } },
      { files: { '../etc/passwd': 'x' } },
      { files: { '/etc/passwd': 'x' } },
      { files: { 'a/./b': 'x' } },
      { jvmArguments: [''] },
    ]
    expect(refused.map(takes)).toEqual(refused.map(() => false))
    expect(takes({ files: { 'config/logback.xml': '<configuration/>', '.hidden': '' } })).toBe(true)
  })

  it('hashes and reads as before where it has none of the newer groups', () => {
    // Computed before connections, flags and files existed.
    const text = '{"jvmArguments":[],"replicas":1,"strategy":{"maxSurge":1,"maxUnavailable":0},"variables":{}}'
    expect(configText(defaultConfig)).toBe(text)
    expect(configHash(defaultConfig)).toBe(configHash(configDocumentSchema.parse(JSON.parse(text))))
    expect(configHash(configDocumentSchema.parse({ flags: { A: true } }))).not.toBe(configHash(defaultConfig))
  })

  it('takes what the nearest layer says, key by key, and tells where each value comes from', () => {
    const layers = {
      application: layer({ variables: { A: '1', B: '1' }, flags: { F: true }, jvmArguments: ['-Xmx1g'], replicas: 2 }),
      environment: layer({ variables: { B: '2' }, connections: { F: { secret: 'f' } }, jvmArguments: ['-Dx=y'] }),
      place: layer({ variables: { C: '3' }, jvmArguments: ['-Xmx2g'], replicas: 3 }),
    }
    expect(mergeLayers(layers)).toMatchObject({
      variables: { A: '1', B: '2', C: '3' },
      flags: {},
      connections: { F: { secret: 'f', deliver: 'environment' } },
      jvmArguments: ['-Xmx1g', '-Dx=y', '-Xmx2g'],
      replicas: 3,
    })
    const from = Object.fromEntries(explainLayers(layers).map((entry) => [entry.key, [entry.from, ...entry.overrides.map(({ text }) => text)]]))
    expect(from).toEqual({
      F: ['environment', 'true'],
      A: ['application'],
      B: ['environment', '1'],
      C: ['place'],
      '-Xmx': ['application'],
      '-Dx': ['environment'],
      '-Xmx (2)': ['place'],
      replicas: ['place', '2'],
      strategy: ['built_in'],
    })
  })

  it('is compared key by key; the order of JVM arguments is a difference', () => {
    const before = configDocumentSchema.parse({ variables: { A: '1', B: '1' }, jvmArguments: ['-Da=1', '-Da=2'], files: { x: 'old' } })
    const after = configDocumentSchema.parse({ variables: { B: '2' }, flags: { A: true }, jvmArguments: ['-Da=2', '-Da=1'], files: { x: 'old' } })
    const changes = compareEntries(before, after).filter(({ change }) => change !== 'same')
    expect(changes.map(({ group, key, change }) => `${change} ${group} ${key}`)).toEqual([
      'added flags A',
      'removed variables A',
      'changed variables B',
      'changed jvmArguments -Da',
      'changed jvmArguments -Da (2)',
      'changed jvmArguments order of the JVM arguments',
    ])
  })
})

describe('the search for secrets in the open', () => {
  it('finds names, addresses with passwords, keys, tokens and random characters, wherever they stand', () => {
    const aws = `AKIA${'Q'.repeat(16)}`
    const document = configDocumentSchema.parse({
      variables: {
        SPRING_DATASOURCE_PASSWORD: 'hunter2',
        'spring.datasource.password': 'hunter2',
        apiKey: 'abc',
        DB: 'postgres://app:hunter2@db/orders',
        JDBC: 'jdbc:postgresql://db/orders?user=app&password=hunter2',
        RANDOM: 'kJ8s0dPq2LmN5vXc7RtY9wZa3B',
        AWS: aws,
      },
      flags: { JWT: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijk' },
      jvmArguments: ['-Djavax.net.ssl.trustStorePassword=changeit', '-Xmx512m'],
      files: {
        'app.properties': 'a=b\nspring.mail.password = hunter2\n',
        'key.pem': '-----BEGIN PRIVATE KEY-----\nx',
        'logback.xml': '<configuration scan="true"/>',
      },
    })
    const found = findPlaintextSecrets(document)
    expect(found.map(({ key }) => key)).toEqual([
      'JWT',
      'AWS',
      'DB',
      'JDBC',
      'RANDOM',
      'SPRING_DATASOURCE_PASSWORD',
      'apiKey',
      'spring.datasource.password',
      '-Djavax.net.ssl.trustStorePassword',
      'app.properties',
      'key.pem',
    ])
    expect(found.find(({ key }) => key === 'app.properties')?.why).toBe('line 2 (spring.mail.password): its name says that it is a secret')
    expect(JSON.stringify(found)).not.toMatch(/hunter2|changeit|AKIA|kJ8s/)
  })

  it('leaves alone what only speaks of secrets, references, digests and names', () => {
    const harmless: [string, string][] = [
      ['TOKEN_TTL', '3600s'],
      ['PASSWORD_MIN_LENGTH', '12'],
      ['OAUTH_TOKEN_URL', 'https://id.northwind.test/token'],
      ['DB_PASSWORD', '${ORDERS_DB_PASSWORD}'],
      ['DB_PASSWORD_FILE', '/run/secrets/db'],
      ['SECRET_ROTATION_ENABLED', 'true'],
      ['KEYBOARD', 'qwertz'],
      ['DIGEST', `sha256:${'0a1b2c3d'.repeat(8)}`],
      ['TRACE_ID', '0af7651916cd43dd8448eb211c80319c'],
      ['CLASS', 'com.example.orders.CheckoutControllerFactoryBean2'],
      ['URL', 'https://api.northwind.test/v1/Orders/Checkout2/Items3/Line4'],
      ['MONKEY', 'banana'],
    ]
    expect(harmless.filter(([key, value]) => whyPair(key, value) !== undefined)).toEqual([])
    expect(['SECRET', 'clientSecret', 'x-api-key', 'signing.key'].every(isSecretName)).toBe(true)
    expect(['key', 'PRIMARY_KEY', 'tokenizer'].some(isSecretName)).toBe(false)
  })
})

describe('the keys that a JAR knows', () => {
  const known = knownKeysOf([
    { name: 'server.port', type: 'java.lang.Integer' },
    { name: 'spring.datasource.hikari.maximum-pool-size', type: 'java.lang.Integer' },
    { name: 'spring.mvc.problemdetails.enabled', type: 'java.lang.Boolean' },
    { name: 'logging.level', type: 'java.util.Map<java.lang.String,java.lang.String>' },
    { name: 'orders.regions', type: 'java.util.List<java.lang.String>' },
    { name: 'debug', type: 'java.lang.Boolean' },
  ])

  it('are compared as Spring binds them, and speak only for their own first segments', () => {
    const all = ['SERVER_PORT', 'SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE', 'LOGGING_LEVEL_ORG_X', 'orders.regions[0]', 'ORDERS_REGIONS_1', 'DEBUG']
    expect(all.map((key) => judgeKey(known, key))).toEqual(all.map(() => 'known'))
    expect(['SERVER_PROT', 'spring.datasource.hikari.max', 'orders.region'].map((key) => judgeKey(known, key))).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ])
    expect(['TZ', 'JAVA_TOOL_OPTIONS', 'DEBUG_PORT', 'HTTP_PROXY'].map((key) => judgeKey(known, key))).toEqual([
      'foreign',
      'foreign',
      'foreign',
      'foreign',
    ])
    expect([nearestKey(known, 'SERVER_PROT'), nearestKey(known, 'SERVER_SOMETHING_ELSE')]).toEqual(['server.port', ''])
  })

  it('are asked of every component: one that knows a key is enough, and what a component declares itself is known', () => {
    const other = knownKeysOf([{ name: 'server.shutdown', type: 'java.lang.String' }])
    const spec = { requiredKeys: ['ORDERS_DB'], environment: { SERVER_ODD: '1' } }
    const document = configDocumentSchema.parse({ variables: { SERVER_PORT: '1', SERVER_SHUTDOWN: 'graceful', SERVER_ODD: '2', SERVER_X: '3' } })
    const problems = checkConfig(
      document,
      [
        { spec, known },
        { spec, known: other },
      ],
      new Set(),
    )
    expect(problems).toMatchObject({ missing: ['ORDERS_DB'], unknown: [{ key: 'SERVER_X' }], unset: [], plaintext: [] })
    expect(checkConfig(document, [{ spec, known: undefined }], new Set()).unknown).toEqual([])
  })
})

describe('what an editor says before anything runs', () => {
  it('judges values by the type that the metadata give, and completes keys by any part of their names', () => {
    const wrong = (type: string, value: string, values?: string[]) => whyWrongValue({ type, ...(values ? { values } : {}) }, value) !== ''
    expect([wrong('java.lang.Integer', '80'), wrong('java.lang.Integer', '8o'), wrong('java.lang.Integer', '${PORT}')]).toEqual([false, true, false])
    expect([wrong('java.lang.Boolean', 'true'), wrong('java.lang.Boolean', 'maybe')]).toEqual([false, true])
    expect([wrong('java.time.Duration', '30s'), wrong('java.time.Duration', 'PT1H'), wrong('java.time.Duration', 'soon')]).toEqual([
      false,
      false,
      true,
    ])
    expect([wrong('x.y.Z$Mode', 'never', ['always', 'never']), wrong('x.y.Z$Mode', 'often', ['always', 'never'])]).toEqual([false, true])
    expect(wrong('java.lang.String', 'anything', ['a'])).toBe(false)
    expect(shortType('java.util.Map<java.lang.String,java.lang.Integer>')).toBe('Map<String, Integer>')
    const property = (name: string) => ({ name, type: '', description: '', defaultValue: '' })
    const found = completions([property('management.server.port'), property('server.port'), property('spring.mvc.view')], 'SERVER_P')
    expect(found.map(({ name }) => name)).toEqual(['server.port', 'management.server.port'])
  })
})
