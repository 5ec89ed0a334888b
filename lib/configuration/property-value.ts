// What an editor can say of a value before anything runs with it: by the type that the JAR's metadata give it.
import type { ConfigProperty } from '#lib/tenants/config-property'

/** What is wrong with a value for a property; '' when nothing is known to be. Placeholders are filled in later, so they pass. */
export function whyWrongValue({ type, values }: Pick<ConfigProperty, 'type' | 'values'>, value: string): string {
  if (value.includes('${')) return ''
  const short = type.replace(/^java\.(?:lang|time|net|util)\./, '')
  const checks: Record<string, [RegExp, string]> = {
    Integer: [/^[+-]?\d{1,10}$/, 'It is a whole number.'],
    Long: [/^[+-]?\d{1,19}$/, 'It is a whole number.'],
    Short: [/^[+-]?\d{1,5}$/, 'It is a whole number.'],
    Double: [/^[+-]?(?:\d+\.?\d*|\.\d+)$/, 'It is a number.'],
    Float: [/^[+-]?(?:\d+\.?\d*|\.\d+)$/, 'It is a number.'],
    Boolean: [/^(?:true|false|on|off|yes|no|1|0)$/i, 'It is true or false.'],
    Duration: [/^(?:[+-]?\d+(?:ns|us|ms|s|m|h|d)?|[+-]?P.+)$/i, 'It is a duration, such as 30s, 5m or PT1H.'],
  }
  const check = checks[short] ?? (type === 'org.springframework.util.unit.DataSize' ? dataSize : undefined)
  if (check && !check[0].test(value.trim())) return check[1]
  const isClosed = values !== undefined && !/^java\.lang\.(?:String|Object)$/.test(type) && !type.startsWith('java.util.')
  if (isClosed && !values.some((one) => loose(one) === loose(value))) return `It is one of ${values.slice(0, 8).join(', ')}.`
  return ''
}

const dataSize: [RegExp, string] = [/^[+-]?\d+(?:B|KB|MB|GB|TB)?$/i, 'It is a size, such as 512KB or 10MB.']

function loose(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
}

/** `Map<String, Integer>` of `java.util.Map<java.lang.String,java.lang.Integer>`: as a person reads it. */
export function shortType(type: string): string {
  return type.replaceAll(/\b(?:[a-z_][\w]*\.)+([A-Z][\w$]*)/g, '$1').replaceAll(',', ', ')
}

/** Properties whose names hold what was typed, the nearest first; at most `limit`. */
export function completions(properties: readonly ConfigProperty[], typed: string, limit = 20): ConfigProperty[] {
  const wanted = loose(typed)
  if (wanted.length < 2) return []
  const found: { property: ConfigProperty; rank: number }[] = []
  for (const property of properties) {
    const at = loose(property.name).indexOf(wanted)
    if (at >= 0) found.push({ property, rank: at * 1000 + property.name.length + (property.deprecation ? 100_000 : 0) })
  }
  return found
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ property }) => property)
}
