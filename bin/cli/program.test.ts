import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { pointInTime } from '#bin/cli/point-in-time'
import { harmless, table } from '#bin/cli/print'
import { createProgram } from '#bin/cli/program'
import { refusalCodes } from '#lib/platform/refusal'
import { cliLineOf } from '#lib/promotions/cli-line'
import type { PlanDocument } from '#lib/promotions/plan'
import { promotionKinds } from '#lib/promotions/promotion-kind'

function* commandsOf(command: Command): Generator<Command> {
  for (const one of command.commands) {
    yield one
    yield* commandsOf(one)
  }
}

/** Has the real command line parse a line, with every act replaced by one that tells what it got. */
async function parsed(line: string): Promise<{ command: string; args: unknown[]; options: Record<string, unknown> } | undefined> {
  const program = createProgram()
  let got: { command: string; args: unknown[]; options: Record<string, unknown> } | undefined
  for (const command of commandsOf(program)) {
    if (command.commands.length > 0) continue
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} })
    command.action((...given: unknown[]) => {
      got = { command: command.name(), args: given.slice(0, -2), options: given.at(-2) as Record<string, unknown> }
    })
  }
  await program.parseAsync(line.split(' ').slice(1), { from: 'user' })
  return got
}

describe('the command line', () => {
  it('S1.5: understands each line that a page shows, as the request that the page is about', async () => {
    const asked = { application: { slug: 'orders' }, environment: { slug: 'dev' } }
    const plan = { release: { name: 'v1.2.3' }, replicas: 3 } as PlanDocument
    const lines = promotionKinds.map((kind) => [kind, cliLineOf({ ...asked, kind }, plan)] as const)
    const got = Object.fromEntries(await Promise.all(lines.map(async ([kind, line]) => [kind, await parsed(line)] as const)))
    const release = { command: 'promote', args: ['orders', 'v1.2.3'], options: { to: 'dev' } }
    expect(got).toMatchObject({
      promote: release,
      deploy: release,
      rollback: { command: 'rollback', args: ['orders', 'dev'], options: { to: 'v1.2.3' } },
      config: { command: 'promote', args: ['orders', undefined], options: { to: 'dev', kind: 'config' } },
      restart: { command: 'restart', args: ['orders', 'dev'] },
      stop: { command: 'stop', args: ['orders', 'dev'] },
      start: { command: 'start', args: ['orders', 'dev'] },
      scale: { command: 'scale', args: ['orders', 'dev', '3'] },
    })
  })

  it('says about every command what it does, and takes --json wherever it asks the server', () => {
    const leaves = [...commandsOf(createProgram())].filter(({ commands }) => commands.length === 0)
    expect(leaves.filter((command) => command.description() === '').map((command) => command.name())).toEqual([])
    const withUrl = leaves.filter(({ options }) => options.some(({ long }) => long === '--url'))
    expect(withUrl.length).toBeGreaterThan(25)
    expect(withUrl.filter(({ options }) => !options.some(({ long }) => long === '--json')).map((command) => command.name())).toEqual([])
  })

  it('explains every argument and option of every command in its help', () => {
    const silent = [...commandsOf(createProgram())].flatMap((command) => {
      const help = command.helpInformation()
      const name = `${command.parent?.name()} ${command.name()}`
      const isShown = help.startsWith(`Usage: ${name.startsWith('caisson') ? name : `caisson ${name}`}`) && help.includes('-h, --help')
      const options = command.options.filter(({ description }) => description === '').map(({ flags }) => `${name} ${flags}`)
      return isShown ? options : [`${name}: ${help}`]
    })
    expect(silent).toEqual([])
  })

  it('lists an exit code for each refusal, and no two have the same', () => {
    let help = ''
    const program = createProgram().configureOutput({ writeOut: (text) => (help += text) })
    program.outputHelp()
    const missing = Object.entries(refusalCodes).filter(([code, { exitCode }]) => !help.includes(`${exitCode} ${code}`))
    expect(missing).toEqual([])
    const codes = Object.values(refusalCodes).map(({ exitCode }) => exitCode)
    expect(help).toMatch(/^ {3}0 done +1 a fault\n {3}2 it ran and did not complete {3}3 --wait ran out of time$/m)
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.filter((code) => code <= 3)).toEqual([])
  })

  it('reads points in time as people write them, and refuses what is none', () => {
    const now = Date.UTC(2026, 0, 1)
    expect(pointInTime('90m', now)).toBe('2026-01-01T01:30:00.000Z')
    expect(pointInTime('3d', now)).toBe('2026-01-04T00:00:00.000Z')
    expect(pointInTime('2026-12-24T18:00:00+01:00')).toBe('2026-12-24T17:00:00.000Z')
    expect(pointInTime(undefined)).toBeUndefined()
    for (const wrong of ['soon', '3', '2026-13-40', '-1d']) expect(() => pointInTime(wrong)).toThrow(/no point in time/)
  })

  it('repeats the words of others without what would repaint a terminal', () => {
    expect(harmless('plan\u001B[2K\rother\n\tplan ✓ \u202Etxt\u0007')).toBe('plan\uFFFD[2K\uFFFDother\n\tplan ✓ \uFFFDtxt\uFFFD')
  })

  it('aligns columns by what is widest', () => {
    expect(
      table(
        ['A', 'B'],
        [
          ['longer', 'x'],
          ['–', ''],
        ],
      ),
    ).toBe('A       B\nlonger  x\n–')
  })

  it('ends without a complaint when nobody reads on, as in `caisson --help | head -1`', async () => {
    const child = spawn(process.execPath, ['bin/caisson.mjs', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    const ended = new Promise<number | null>((done) => child.once('close', done))
    expect(await text(child.stderr)).toBe('')
    expect(await ended).toBe(0)
  })
})
