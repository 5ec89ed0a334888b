import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layerDocumentSchema, type LayerDocument } from '#lib/configuration/config-document'
import { completeAt } from '#lib/configuration/complete-layer'
import { layerText, readLayerText } from '#lib/configuration/layer-text'
import { gateProblems, lintText, type LintFacts } from '#lib/configuration/lint-layer'
import { testSeed } from '#lib/testing/seed'
import type { ConfigProperty } from '#lib/tenants/config-property'

const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('true', '', ' x ', '"', '# no comment', '[x]', 'a = b', '\\n', 'a\nb\r'),
)
const argument = text.map((one) => one.trim()).filter((one) => one !== '' && !one.includes('\n'))

const layers: fc.Arbitrary<LayerDocument> = fc
  .record({
    keys: fc.uniqueArray(key, { maxLength: 9 }),
    values: fc.array(text, { minLength: 9, maxLength: 9 }),
    secrets: fc.array(fc.record({ secret: key, deliver: fc.constantFrom('environment' as const, 'file' as const) }), { minLength: 3, maxLength: 3 }),
    jvmArguments: fc.array(argument, { maxLength: 4 }),
    replicas: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
    strategy: fc.option(fc.record({ maxUnavailable: fc.integer({ min: 0, max: 50 }), maxSurge: fc.integer({ min: 1, max: 50 }) }), {
      nil: undefined,
    }),
  })
  .map(({ keys, values, secrets, jvmArguments, replicas, strategy }) =>
    layerDocumentSchema.parse({
      connections: Object.fromEntries(keys.slice(0, 3).map((name, at) => [name, secrets[at]])),
      flags: Object.fromEntries(keys.slice(3, 6).map((name, at) => [name, at === 0 ? true : values[at]])),
      variables: Object.fromEntries(keys.slice(6).map((name, at) => [name, values[at + 3]])),
      jvmArguments,
      ...(replicas === undefined ? {} : { replicas }),
      ...(strategy === undefined ? {} : { strategy }),
    }),
  )

describe('a layer as text', () => {
  it('reads back what it was written from, whatever stands in it', () => {
    fc.assert(
      fc.property(layers, (layer) => {
        const { document, problems } = readLayerText(layerText(layer))
        expect(problems).toEqual([])
        expect({ ...document, files: {} }).toEqual(layer)
      }),
      { seed: testSeed('layer text'), numRuns: 300 },
    )
  })

  it('never throws, and names each line that it cannot read where it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (typed) => {
        for (const { from, to } of readLayerText(typed).problems) expect(from >= 0 && from <= to && to <= typed.length).toBe(true)
      }),
      { seed: testSeed('any text') },
    )
    const typed =
      'replica = 2\nreplicas = many\nmax-surge = 0\n[wrong]\nA = 1\n[variables]\nB\n9 = x\nC = "open\n[flags]\nC2 = true\n[connections]\nDB = a b\nDB2 = db as file'
    const { problems, document } = readLayerText(typed)
    expect(problems.map(({ from, to, words }) => [typed.slice(from, to), words.split('.')[0]])).toEqual([
      ['replica', 'replica stands above the first section, where only replicas, max-unavailable, max-surge may'],
      ['many', 'replicas is a whole number from 0 to 50'],
      ['[wrong]', 'There is no section [wrong]: [connections], [flags], [variables], [jvm-arguments]'],
      ['B', 'Write it as B = VALUE'],
      ['9', '9 cannot be a key: letters, digits, _ '],
      ['"open', 'These quotes are not closed'],
      ['a b', 'A connection names a secret: KEY = NAME, or KEY = NAME as file'],
      ['replica = 2', 'With neither max-unavailable nor max-surge nothing can be replaced'],
    ])
    expect(document).toMatchObject({ flags: { C2: true }, connections: { DB2: { secret: 'db', deliver: 'file' } }, variables: {} })
  })
})

const property = (name: string, type: string, more: Partial<ConfigProperty> = {}): ConfigProperty => ({
  name,
  type,
  description: '',
  defaultValue: '',
  ...more,
})
const facts: LintFacts = {
  properties: [
    property('server.port', 'java.lang.Integer', { defaultValue: '8080' }),
    property('server.address', 'java.net.InetAddress'),
    property('spring.main.banner-mode', 'org.springframework.boot.Banner$Mode', { values: ['console', 'log', 'off'] }),
    property('server.servlet.path', 'java.lang.String', { deprecation: { level: 'warning', reason: '', replacement: 'server.address' } }),
    property('logging.level', 'java.util.Map<java.lang.String,java.lang.String>'),
  ],
  required: ['ORDERS_REGION', 'ORDERS_QUEUE'],
  declared: ['SERVER_ODD'],
  setElsewhere: ['ORDERS_QUEUE'],
  secrets: ['orders-db'],
  isPlace: true,
}

describe('what is said of a layer while it is typed', () => {
  it('names unknown keys with what was meant, wrong types, deprecations, secrets in the open and without a value, each where it stands', () => {
    const typed = [
      '[connections]',
      'SPRING_X = orders-mq',
      '[variables]',
      'SERVER_PROT = 8080',
      'SERVER_PORT = eighty',
      'SERVER_SERVLET_PATH = /x',
      'SERVER_ODD = fine, the release brings it',
      'TZ = nobody speaks for this',
      'DB_PASSWORD = hunter22',
      'spring.main.banner-mode = loud',
      '[jvm-arguments]',
      '-Dserver.prot=1',
      '-Dapi.secret=hunter22',
      '-Xmx512m',
    ].join('\n')
    const found = lintText(typed, facts).map(({ from, to, severity, words, fix }) => [typed.slice(from, to), severity, words, fix?.text])
    expect(found).toEqual([
      ['', 'error', 'ORDERS_REGION is required by the release, and no layer sets it.', undefined],
      ['SPRING_X', 'error', 'SPRING_X is unknown to the metadata of the release.', undefined],
      ['orders-mq', 'error', 'The secret orders-mq has no value here yet: set it under Secrets.', undefined],
      ['SERVER_PROT', 'error', 'SERVER_PROT is unknown to the metadata of the release. Did you mean SERVER_PORT?', 'SERVER_PORT'],
      ['eighty', 'warning', 'SERVER_PORT: It is a whole number.', undefined],
      ['SERVER_SERVLET_PATH', 'warning', 'SERVER_SERVLET_PATH is deprecated. Use SERVER_ADDRESS.', 'SERVER_ADDRESS'],
      [
        'hunter22',
        'error',
        'This looks like a secret in the open: its name says that it is a secret. Set the value under Secrets, and write it as DB_PASSWORD = NAME below [connections].',
        undefined,
      ],
      ['loud', 'warning', 'spring.main.banner-mode: It is one of console, log, off.', undefined],
      ['server.prot', 'error', 'server.prot is unknown to the metadata of the release. Did you mean server.port?', 'server.port'],
      [
        'hunter22',
        'error',
        'This looks like a secret in the open: its name says that it is a secret. Set the value under Secrets, and name it in a connection.',
        undefined,
      ],
    ])
  })

  it('says as an error whatever the config gate would stop, and nothing where there is nothing', () => {
    fc.assert(
      fc.property(layers, (layer) => {
        const { missing, unknown, plaintext, unset } = gateProblems(layer, facts)
        const errors = lintText(layerText(layer), facts).filter(({ severity }) => severity === 'error')
        const counted = missing.length + unknown.length + plaintext.length + unset.length
        expect(errors.length >= counted || plaintext.length > 0).toBe(true)
        expect(errors.length > 0).toBe(counted > 0)
      }),
      { seed: testSeed('lint'), numRuns: 200 },
    )
    expect(lintText('# only words\n', { ...facts, required: [] })).toEqual([])
  })
})

describe('what may stand at a place of the text', () => {
  const at = (typed: string) => {
    const cursor = typed.indexOf('|')
    const text = typed.replace('|', '')
    const found = completeAt(text, cursor, facts)
    return found?.items.map(({ label, detail, apply }) => [
      text.slice(0, found.from) === '' ? '' : text.slice(found.from, cursor),
      label,
      detail,
      apply,
    ])
  }

  it('offers keys of the metadata as they are typed, with type and default, and their values', () => {
    expect(at('[variables]\nSERVER_P|')).toEqual([['SERVER_P', 'SERVER_PORT', 'Integer, default 8080', 'SERVER_PORT = ']])
    expect(at('[variables]\nserver.po| = 1')).toEqual([['server.po', 'server.port', 'Integer, default 8080', 'server.port']])
    expect(at('[variables]\nSERVER_PORT = |')).toEqual([['', '8080', 'default', '8080']])
    expect(at('[variables]\nspring.main.banner-mode = l|')).toEqual([['l', 'log', '', 'log']])
    expect(at('[variables]\nA = x$|')?.map(([, label]) => label)).toEqual(['${PORT}', '${DATA_DIR}', '${FILES_DIR}'])
    expect(at('[variables]\nORDERS_|')?.map(([, label, detail]) => [label, detail])).toEqual([
      ['ORDERS_REGION', 'required by the release'],
      ['ORDERS_QUEUE', 'required by the release'],
    ])
  })

  it('offers sections, numbers, names of secrets, states of flags and system properties where they may stand', () => {
    expect(at('repl|')).toEqual([['', 'replicas', '', 'replicas = ']])
    expect(at('A\n[var|')).toEqual([['[var', '[variables]', '', '[variables]']])
    expect(at('[connections]\nDB = or|')).toEqual([['or', 'orders-db', 'secret', 'orders-db']])
    expect(at('[connections]\nDB = orders-db a|')?.[0]?.[3]).toBe('orders-db as file')
    expect(at('[flags]\nNEW = t|')).toEqual([['t', 'true', '', 'true']])
    expect(at('[jvm-arguments]\n-Dserver.po|')).toEqual([['-Dserver.po', '-Dserver.port', 'Integer, default 8080', '-Dserver.port=']])
    expect(at('[jvm-arguments]\n-Dspring.main.banner-mode=o|')?.map(([, label]) => label)).toEqual(['off'])
    for (const nothing of ['[variables]\n# SERVER_P|', '[wrong]\nSERVER_P|', '[jvm-arguments]\n-Xm|', '[variables]\nTZ = |'])
      expect(at(nothing)).toBeUndefined()
  })
})
