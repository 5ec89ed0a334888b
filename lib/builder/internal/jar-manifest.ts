import { unsafe } from '#lib/builder/internal/zip-bytes'
import { Refusal } from '#lib/platform/refusal'

/** Java's own readers cut lines at 512 bytes or take any; no tool writes a value this long (JAR specification, "Notes on Manifest"). */
const maxValueLength = 65_535

/** The main section; a line that starts with a space goes on with the one before (JAR specification, "Manifest Specification"). */
export function mainAttributes(text: string): Map<string, string> {
  const section = text.replace(/\r\n?/g, '\n').split('\n\n', 1)[0]?.replaceAll('\n ', '') ?? ''
  const attributes = new Map<string, string>()
  for (const line of section.split('\n')) {
    const colon = line.indexOf(': ')
    if (colon < 1) continue
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 2).trim()
    if (attributes.has(name)) throw unsafe(`The manifest has ${name.slice(0, 100)} twice: readers take the first or the last.`)
    if (value.length > maxValueLength) {
      throw new Refusal('unsupported', `The manifest has a value of ${value.length} characters; ${maxValueLength} are the limit.`, {
        fix: 'Shorten it, or move it to a file of its own.',
      })
    }
    attributes.set(name, value)
  }
  return attributes
}

/** As a record with the names as they are usually written, for people; bounded as JarFacts says. */
export function shownAttributes(attributes: ReadonlyMap<string, string>): Record<string, string> {
  const shown = [...attributes].filter(([name]) => /^[a-z0-9_-]{1,100}$/.test(name)).slice(0, 60)
  return Object.fromEntries(shown.map(([name, value]) => [capitalised(name), value.slice(0, 1000)]))
}

function capitalised(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
}
