// `npm run requirements`: which rows of docs/requirements.tsv a test names in its title, and which none does yet.
import { globSync, readFileSync } from 'node:fs'

export interface Row {
  id: string
  priority: string
  says: string
  /** `file: title` of every test that names it. */
  tests: string[]
}

// A call, or the row of a table whose `it` is the title.
const titleOf = /\b(?:(?:describe|it|test)(?:\.each\([^)]*\)|\.\w+)*\(|it:)\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/g
const idOf = /\bS[0-4]\.\d{1,2}\b/g

/** The titles of the tests in a source text, as they are written. */
export function titlesIn(source: string): string[] {
  return [...source.matchAll(titleOf)].map(([, , title]) => title ?? '')
}

/** Rows of the table with the tests that name them; an id that the table does not have is a fault. */
export function cover(table: string, sources: readonly (readonly [file: string, text: string])[]): Row[] {
  const rows = table
    .trim()
    .split('\n')
    .slice(1)
    .map((line): Row => {
      const [id = '', priority = '', says = ''] = line.split('\t')
      return { id, priority, says, tests: [] }
    })
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const [file, text] of sources) {
    for (const title of titlesIn(text)) {
      for (const [id] of title.matchAll(idOf)) {
        const row = byId.get(id)
        if (!row) throw new Error(`${file} names ${id}, which is no requirement: ${title}`)
        row.tests.push(`${file}: ${title}`)
      }
    }
  }
  return rows
}

export function report(rows: readonly Row[]): string {
  const covered = rows.filter(({ tests }) => tests.length > 0)
  const uncovered = rows.filter(({ tests }) => tests.length === 0)
  const line = ({ id, priority, says }: Row) => `${id.padEnd(6)} P${priority}  ${says}`
  const counts = ['1', '2', '3'].map((priority) => {
    const of = (list: readonly Row[]) => list.filter((row) => row.priority === priority).length
    return `P${priority} ${of(covered)} of ${of(rows)}`
  })
  return [
    `Named by a test (${covered.length})`,
    ...covered.flatMap((row) => [line(row), ...row.tests.map((test) => `           ${test}`)]),
    '',
    `Not named by any test (${uncovered.length})`,
    ...uncovered.map(line),
    '',
    `${covered.length} of ${rows.length} requirements are named by a test: ${counts.join(', ')}`,
  ].join('\n')
}

if (import.meta.main) {
  const files = globSync('{app,bin,components,e2e,lib,scripts}/**/*.{test,spec,e2e}.{ts,tsx}').filter(
    (file) => file !== 'scripts/requirements.test.ts',
  )
  const sources = files.toSorted().map((file) => [file, readFileSync(file, 'utf8')] as const)
  console.log(report(cover(readFileSync('docs/requirements.tsv', 'utf8'), sources)))
}
