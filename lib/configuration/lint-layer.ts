// What is wrong with a layer while it is typed: the rules of the `config` gate, and what the JAR says of types and deprecations.
import { checkConfig } from '#lib/configuration/check-config'
import type { LayerDocument } from '#lib/configuration/config-document'
import { argumentName, entriesOf } from '#lib/configuration/entries'
import { environmentName, knownKeysOf } from '#lib/configuration/known-keys'
import { type LayerText, readLayerText, type Span, type TextLine } from '#lib/configuration/layer-text'
import { whyWrongValue } from '#lib/configuration/property-value'
import type { ConfigProblems } from '#lib/configuration/revision'
import type { ConfigProperty } from '#lib/tenants/config-property'
import { relaxedName } from '#lib/tenants/relaxed-name'

/** What a layer is judged by. */
export interface LintFacts {
  /** What the components of the release know; empty where they say nothing. */
  properties: readonly ConfigProperty[]
  /** Keys that the release must have a value for, and those that it brings itself. */
  required: readonly string[]
  declared: readonly string[]
  /** Keys that other layers set. */
  setElsewhere: readonly string[]
  /** Secrets that have a value here. */
  secrets: readonly string[]
  /** Defaults count in several places: what must be set, and which secrets have a value, is judged of a place alone. */
  isPlace: boolean
}

export interface Finding extends Span {
  /** `error`: the gate would stop it, or it cannot be read. `warning`: worth a look. */
  severity: 'error' | 'warning'
  words: string
  /** What would mend it, for the span of the finding. */
  fix?: { label: string; text: string }
}

/** Everything to say of a text, in its order. */
export function lintText(text: string, facts: LintFacts): Finding[] {
  const read = readLayerText(text)
  const syntax = read.problems.map(({ from, to, words }): Finding => ({ from, to, severity: 'error', words }))
  return [...syntax, ...judge(read, facts)].toSorted((a, b) => a.from - b.from || a.to - b.to)
}

function judge({ document, lines }: LayerText, facts: LintFacts): Finding[] {
  const { missing, unknown, plaintext, unset } = gateProblems({ ...document, files: {} }, facts)
  const unknownKeys = new Map(unknown.map(({ key, suggestion }) => [key, suggestion]))
  const whySecret = new Map(plaintext.map(({ group, key, why }) => [`${group} ${key}`, why]))
  const absent = new Set(unset)
  const byName = new Map(facts.properties.map((property) => [relaxedName(property.name), property]))
  const keyOfArgument = new Map(
    entriesOf({ ...document, files: {} }).flatMap(({ index, key }) => (index === undefined ? [] : [[index, key] as const])),
  )
  let nth = -1
  return [
    ...missing.map((key): Finding => ({ from: 0, to: 0, severity: 'error', words: `${key} is required by the release, and no layer sets it.` })),
    ...lines.flatMap((line): Finding[] => {
      const isArgument = line.section === 'jvm-arguments'
      if (isArgument) nth += 1
      const pair = isArgument ? propertyOf(line) : line
      if (line.section === undefined || pair === undefined) {
        const why = isArgument ? whySecret.get(`jvmArguments ${keyOfArgument.get(nth) ?? argumentName(line.value)}`) : undefined
        return why === undefined ? [] : [inTheOpen(line, why)]
      }
      if (line.section === 'connections') {
        const name = Object.hasOwn(document.connections, line.key) ? document.connections[line.key]?.secret : undefined
        const words = `The secret ${name ?? ''} has no value here yet: set it under Secrets.`
        return [
          ...keyFindings(pair, unknownKeys, byName),
          ...(name !== undefined && absent.has(name) ? [{ ...line.valueSpan, severity: 'error' as const, words }] : []),
        ]
      }
      const why = whySecret.get(isArgument ? `jvmArguments ${keyOfArgument.get(nth) ?? ''}` : `${line.section} ${line.key}`)
      return [...keyFindings(pair, unknownKeys, byName), ...valueFindings(pair, byName), ...(why === undefined ? [] : [inTheOpen(pair, why)])]
    }),
  ]
}

/** The gate's own judgement of the layer, with the other layers counted for what is required. */
export function gateProblems(document: LayerDocument, facts: LintFacts): ConfigProblems {
  const { properties, required, declared, setElsewhere, secrets, isPlace } = facts
  const environment = Object.fromEntries([...declared, ...setElsewhere].map((key) => [key, '']))
  const known = properties.length === 0 ? undefined : knownKeysOf(properties)
  const problems = checkConfig(document, [{ spec: { requiredKeys: required, environment }, known }], new Set(secrets))
  return isPlace ? problems : { ...problems, missing: [], unset: [] }
}

type Pair = Pick<TextLine, 'section' | 'key' | 'keySpan' | 'value' | 'valueSpan'>

/** The key and value of `-Dkey=value`. */
function propertyOf({ section, value, valueSpan }: TextLine): Pair | undefined {
  const match = /^-D([^=]+)=(.*)$/s.exec(value)
  if (match?.[1] === undefined) return undefined
  const at = valueSpan.from + 2
  const keySpan = { from: at, to: at + match[1].length }
  return { section, key: match[1], keySpan, value: match[2] ?? '', valueSpan: { from: keySpan.to + 1, to: valueSpan.to } }
}

function keyFindings({ section, key, keySpan }: Pair, unknown: ReadonlyMap<string, string>, byName: ReadonlyMap<string, ConfigProperty>): Finding[] {
  const suggestion = unknown.get(key)
  const asTyped = (name: string) => (section === 'jvm-arguments' || /[a-z]/.test(key) ? name : environmentName(name))
  if (suggestion !== undefined) {
    const words = `${key} is unknown to the metadata of the release.${suggestion === '' ? '' : ` Did you mean ${asTyped(suggestion)}?`}`
    return [{ ...keySpan, severity: 'error', words, ...mend(suggestion === '' ? '' : asTyped(suggestion)) }]
  }
  const deprecation = byName.get(relaxedName(key))?.deprecation
  if (!deprecation) return []
  const { level, reason, replacement } = deprecation
  const instead = replacement === '' ? '' : ` Use ${asTyped(replacement)}.`
  const words = `${key} ${level === 'error' ? 'is not read any more' : 'is deprecated'}${reason === '' ? '.' : `: ${reason.replace(/\.?$/, '.')}`}${instead}`
  return [{ ...keySpan, severity: level === 'error' ? 'error' : 'warning', words, ...mend(replacement === '' ? '' : asTyped(replacement)) }]
}

function mend(text: string): Pick<Finding, 'fix'> {
  return text === '' ? {} : { fix: { label: `Use ${text}`, text } }
}

function valueFindings({ key, value, keySpan, valueSpan }: Pair, byName: ReadonlyMap<string, ConfigProperty>): Finding[] {
  const property = byName.get(relaxedName(key))
  const why = property ? whyWrongValue(property, value) : ''
  return why === '' ? [] : [{ ...(valueSpan.to > valueSpan.from ? valueSpan : keySpan), severity: 'warning', words: `${key}: ${why}` }]
}

function inTheOpen({ section, key, valueSpan }: Pick<Pair, 'section' | 'key' | 'valueSpan'>, why: string): Finding {
  const how = section === 'jvm-arguments' ? 'name it in a connection' : `write it as ${key} = NAME below [connections]`
  return { ...valueSpan, severity: 'error', words: `This looks like a secret in the open: ${why}. Set the value under Secrets, and ${how}.` }
}
