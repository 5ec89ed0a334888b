import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { DesiredComponent } from '#lib/runtime/driver'
import { commandLineOf } from '#lib/runtime/drivers/process/command-line'
import { componentSpecSchema } from '#lib/tenants/component-spec'

const around = {
  java: 'java',
  appFolder: '/images/one/app',
  dataDir: '/replica/data',
  filesDir: '/replica/files',
  replicaId: 'r-one',
  path: '/usr/bin',
}
const config = { config: { Entrypoint: ['java', '-jar', '/app/shop.jar'], Cmd: ['--own'], Env: ['A=1', 'PATH=/image', 'LD_PRELOAD=x'] } }

function lineOf(spec: Record<string, unknown>, jvmArguments: string[] = []) {
  const component: DesiredComponent = {
    name: 'app',
    repository: 'main/shop',
    digest: `sha256:${'a'.repeat(64)}`,
    spec: componentSpecSchema.parse(spec),
    replicas: 1,
    environment: {},
    jvmArguments,
  }
  return commandLineOf(component, config as unknown as Parameters<typeof commandLineOf>[1], around)
}

/** What this machine's Java makes of the options in front of `-jar`. */
function heapMiB(options: readonly string[]): number {
  const flags = execFileSync('java', [...options, '-XX:+PrintFlagsFinal', '-version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return Number(/ MaxHeapSize += (\d+)/.exec(flags)?.[1]) / 1024 ** 2
}

describe('the command line of a replica', () => {
  it('is the host Java with the bound of its memory, the JVM arguments of the configuration, and the image in its folder', () => {
    const { command, arguments: line, environment } = lineOf({ memoryMiB: 300 }, ['-Dx=${DATA_DIR}'])
    expect(command).toBe('java')
    expect(line.slice(-4)).toEqual(['-Dx=/replica/data', '-jar', '/images/one/app/shop.jar', '--own'])
    expect(line[0]).toBe('-XX:MaxRAM=300m')
    expect(environment).toMatchObject({ A: '1', PATH: '/usr/bin', HOME: '/replica/data' })
    expect(environment).not.toHaveProperty('LD_PRELOAD')
  })

  it.each([64, 128, 512, 4096])('gives the heap of a replica with %d MiB at most three quarters of it, and most of that', (memoryMiB) => {
    const line = lineOf({ memoryMiB }).arguments
    const heap = heapMiB(line.slice(0, line.indexOf('-jar')))
    expect(heap).toBeLessThanOrEqual(memoryMiB * 0.75)
    expect(heap).toBeGreaterThan(memoryMiB * 0.6)
  })

  it('leaves the last word to the JVM arguments of the configuration', () => {
    const line = lineOf({ memoryMiB: 512 }, ['-Xmx96m']).arguments
    expect(heapMiB(line.slice(0, line.indexOf('-jar')))).toBe(96)
  })
})
