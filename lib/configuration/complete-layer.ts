// What may stand at a place of a layer's text: sections, keys of the JAR's own metadata, and values that they may have.
import { environmentName } from '#lib/configuration/known-keys'
import { textNumbers, textSections } from '#lib/configuration/layer-text'
import type { LintFacts } from '#lib/configuration/lint-layer'
import { completions, shortType } from '#lib/configuration/property-value'
import type { ConfigProperty } from '#lib/tenants/config-property'
import { relaxedName } from '#lib/tenants/relaxed-name'

export interface Offer {
  label: string
  /** Beside the label: type and default. */
  detail: string
  /** Below it: what it is for, and what replaced it. */
  info: string
  /** What is put in the place of what was typed. */
  apply: string
  isDeprecated: boolean
}

export interface Offers {
  /** Where what was typed begins. */
  from: number
  items: Offer[]
}

/** Filled in where a replica runs. */
const placeholders: readonly (readonly [string, string])[] = [
  ['${PORT}', 'the port that the replica listens at'],
  ['${DATA_DIR}', 'a directory of the replica, gone with it'],
  ['${FILES_DIR}', 'where the files of this configuration are'],
]

/** Offers for the cursor at `at`; undefined where there is nothing to offer. */
export function completeAt(text: string, at: number, facts: Pick<LintFacts, 'properties' | 'required' | 'secrets'>): Offers | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  const before = text.slice(start, at)
  const after = text.slice(at, end < 0 ? undefined : end)
  const typed = before.trimStart()
  if (typed.startsWith('#')) return undefined
  const from = at - typed.length
  if (typed.startsWith('['))
    return offers(
      from,
      textSections.map((name) => plain(`[${name}]`)),
      typed,
    )
  const section = sectionAt(text.slice(0, start))
  if (section === 'jvm-arguments') return argumentOffers(facts.properties, typed, at)
  if (section !== undefined && !textSections.some((name) => name === section)) return undefined
  const equals = before.indexOf('=')
  const rest = after.includes('=') ? '' : ' = '
  if (equals < 0 && section === undefined)
    return offers(
      from,
      textNumbers.map((name) => plain(name, rest)),
      typed,
    )
  if (equals < 0) return keyOffers(facts, typed, from, rest)
  const value = before.slice(equals + 1).trimStart()
  return valueOffers(facts, section ?? '', before.slice(0, equals).trim(), value, at - value.length)
}

function sectionAt(above: string): string | undefined {
  return [...above.matchAll(/^\s*\[([^\]\n]*)\]\s*$/gm)].at(-1)?.[1]?.trim()
}

function keyOffers(
  { properties, required }: Pick<LintFacts, 'properties' | 'required'>,
  typed: string,
  from: number,
  rest: string,
): Offers | undefined {
  const asTyped = (name: string) => (/[a-z]/.test(typed) ? name : environmentName(name))
  const wanted = required
    .filter((key) => key.toLowerCase().includes(typed.toLowerCase()))
    .map((key): Offer => ({ ...plain(key, rest), detail: 'required by the release' }))
  const known = completions(properties, typed, 50).map((property): Offer => ({
    ...describe(property),
    label: asTyped(property.name),
    apply: asTyped(property.name) + rest,
  }))
  return nonEmpty({ from, items: [...wanted, ...known] })
}

function argumentOffers(properties: readonly ConfigProperty[], typed: string, at: number): Offers | undefined {
  const pair = /^-D([^=]*)(=?)(.*)$/s.exec(typed)
  if (!pair) return undefined
  const [, key = '', equals, value = ''] = pair
  if (equals !== '') return nonEmpty({ from: at - value.length, items: propertyValues(properties, key, value) })
  const items = completions(properties, key, 50).map((property): Offer => ({
    ...describe(property),
    label: `-D${property.name}`,
    apply: `-D${property.name}=`,
  }))
  return nonEmpty({ from: at - typed.length, items })
}

function valueOffers(
  { properties, secrets }: Pick<LintFacts, 'properties' | 'secrets'>,
  section: string,
  key: string,
  typed: string,
  from: number,
): Offers | undefined {
  if (section === 'connections') {
    const name = /^(\S+)\s+\S*$/.exec(typed)?.[1]
    if (name !== undefined) return { from, items: [{ ...plain(`${name} as file`), detail: 'the key holds the path of a file with it' }] }
    return offers(
      from,
      secrets.map((one): Offer => ({ ...plain(one), detail: 'secret' })),
      typed,
    )
  }
  if (section === 'flags')
    return offers(
      from,
      ['true', 'false'].map((word) => plain(word)),
      typed,
    )
  if (section !== 'variables') return undefined
  const dollar = typed.lastIndexOf('$')
  const filled = dollar < 0 ? [] : placeholders.filter(([name]) => name.startsWith(typed.slice(dollar)))
  if (filled.length > 0) return { from: from + dollar, items: filled.map(([name, detail]) => ({ ...plain(name), detail })) }
  return nonEmpty({ from, items: propertyValues(properties, key, typed) })
}

function propertyValues(properties: readonly ConfigProperty[], key: string, typed: string): Offer[] {
  const property = properties.find(({ name }) => relaxedName(name) === relaxedName(key))
  if (!property) return []
  const { type, values, defaultValue } = property
  const words = new Set([...(values ?? (type === 'java.lang.Boolean' ? ['true', 'false'] : [])), ...(defaultValue === '' ? [] : [defaultValue])])
  return [...words]
    .filter((word) => word.toLowerCase().startsWith(typed.toLowerCase()))
    .map((word) => ({ ...plain(word), detail: word === defaultValue ? 'default' : '' }))
}

function describe({ name, type, defaultValue, description, deprecation }: ConfigProperty): Omit<Offer, 'label' | 'apply'> {
  const gone = deprecation
    ? `${deprecation.level === 'error' ? 'Not read any more' : 'Deprecated'}${deprecation.replacement === '' ? '' : `, use ${deprecation.replacement}`}. ${deprecation.reason}`.trim()
    : ''
  return {
    detail: [shortType(type), defaultValue === '' ? '' : `default ${defaultValue}`].filter(Boolean).join(', '),
    info: [name, gone, description].filter(Boolean).join('\n'),
    isDeprecated: deprecation !== undefined,
  }
}

function plain(label: string, rest = ''): Offer {
  return { label, detail: '', info: '', apply: label + rest, isDeprecated: false }
}

function offers(from: number, items: Offer[], typed: string): Offers | undefined {
  return nonEmpty({ from, items: items.filter(({ label }) => label.toLowerCase().startsWith(typed.toLowerCase())) })
}

function nonEmpty(found: Offers): Offers | undefined {
  return found.items.length > 0 ? found : undefined
}
