// The closing line of a run, from reports that the real runners wrote about suites made for it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'caisson-totals-'))
symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A runner that finds itself inside of another behaves in other ways.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST|NODE_ENV|CI$)/.test(name))) as NodeJS.ProcessEnv
let count = 0

/** The report of vitest about one file with this text, and maybe another. */
function vitestReport(...files: string[]): string {
  count += 1
  const own = join(folder, String(count))
  mkdirSync(own)
  files.forEach((text, index) => writeFileSync(join(own, `${index}.test.ts`), `import { beforeAll, expect, it } from 'vitest'\n${text}\n`))
  const args = ['run', '--root', own, '--config', 'none', '--reporter', 'json', '--outputFile', 'report.json']
  spawnSync(
    'node_modules/.bin/vitest',
    args.filter((arg) => arg !== '--config' && arg !== 'none'),
    { stdio: 'ignore', env },
  )
  return join(own, 'report.json')
}

function playwrightReport(text: string): string {
  count += 1
  const own = join(folder, String(count))
  mkdirSync(own)
  writeFileSync(join(own, 'a.spec.ts'), `import { expect, test } from '@playwright/test'\n${text}\n`)
  writeFileSync(
    join(own, 'playwright.config.ts'),
    `export default { outputDir: 'out', reporter: [['json', { outputFile: 'report.json' }]], retries: 1 }\n`,
  )
  spawnSync('playwright', ['test', '--config', join(own, 'playwright.config.ts')], { stdio: 'ignore', env })
  return join(own, 'report.json')
}

function close(steps: string, ...reports: string[]): { code: number | null; last: string } {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/ci-totals.ts', steps, ...reports], { encoding: 'utf8' })
  return { code: status, last: stdout.trimEnd().split('\n').at(-1) ?? '' }
}

const good = `it('is well', () => {})`

describe('the closing line of a run', () => {
  it('adds up what passed in all reports', () => {
    const reports = [vitestReport(`${good}\nit('is well too', () => {})`), playwrightReport(`test('is well', () => {})`)]
    expect(close('', ...reports)).toEqual({ code: 0, last: '3 passed, 0 failed' })
    expect(close('npm test', ...reports)).toEqual({ code: 1, last: '3 passed, 1 failed' })
  })

  it.each([
    ['fails', `it('fails', () => expect(1).toBe(2))`],
    ['is skipped', `it.skip('is skipped', () => {})`],
    ['is skipped by a condition', `it.skipIf(true)('is skipped', () => {})`],
    ['is skipped while it runs', `it('is skipped', ({ skip }) => skip())`],
    ['is still to do', `it.todo('is to do')`],
  ])('fails for a test of vitest that %s', (_how, text) => {
    expect(close('', vitestReport(`${good}\n${text}`))).toEqual({ code: 1, last: '1 passed, 1 failed' })
  })

  it('fails for a file of vitest that cannot be loaded, whose hooks fail, and for a step that failed by itself', () => {
    expect(close('', vitestReport(good, `throw new Error('not loaded')`))).toEqual({ code: 1, last: '1 passed, 1 failed' })
    // Of an error that no test waits for, vitest tells by its exit code alone.
    expect(
      close(
        'npm test',
        vitestReport(`${good}
void Promise.reject(new Error('nobody listens'))`),
      ),
    ).toEqual({ code: 1, last: '1 passed, 1 failed' })
    const { code, last } = close('', vitestReport(good, `beforeAll(() => { throw new Error('no hook') })\n${good}`))
    expect(code).toBe(1)
    expect(last).toMatch(/^1 passed, [12] failed$/)
  })

  it.each([
    ['fails', `test('fails', () => expect(1).toBe(2))`],
    ['is skipped', `test.skip('is skipped', () => {})`],
    ['is to be mended', `test.fixme('is to be mended', () => {})`],
    ['passes when it is tried again', `test('is flaky', ({}, info) => expect(info.retry).toBe(1))`],
  ])('fails for a test of Playwright that %s', (_how, text) => {
    expect(close('', playwrightReport(`test('is well', () => {})\n${text}`))).toEqual({ code: 1, last: '1 passed, 1 failed' })
  })

  it('fails for a report that is missing, empty, cut off or tells of no test', () => {
    const passed = vitestReport(good)
    const empty = join(folder, 'empty.json')
    writeFileSync(empty, '')
    for (const bad of [join(folder, 'none.json'), empty, vitestReport()]) {
      expect(close('', passed, bad)).toEqual({ code: 1, last: '1 passed, 1 failed' })
    }
    expect(close('', passed, playwrightReport('throw new Error("not loaded")'))).toMatchObject({
      code: 1,
      last: expect.stringMatching(/^1 passed, [12] failed$/) as string,
    })
    expect(close('')).toEqual({ code: 1, last: '0 passed, 1 failed' })
  })
})
