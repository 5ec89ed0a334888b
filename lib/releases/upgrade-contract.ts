// The contract of upgrades (S4.4, S4.5, S4.15): among stable releases from the minor line before to the next, and nothing else
// unless a release declares it.
import { channelOf } from '#lib/releases/release-name'

export interface Contract {
  /** covered: within the contract; outside: not guaranteed; unknown: a name says nothing to compare. */
  outcome: 'covered' | 'outside' | 'unknown'
  /** One sentence. */
  reason: string
  /** What would lead there within the contract; '' where nothing would. */
  instead: string
}

interface Version {
  major: number
  minor: number
  patch: number
}

const line = ({ major, minor }: Version) => `v${major}.${minor}`

/**
 * Whether an upgrade is covered.
 * @param from the release that runs; '' where nothing does
 * @param to the release that comes
 * @param declared lines (`v0.9`, `v0`) that `to` declares to upgrade from across a major boundary
 */
export function judgeUpgrade(from: string, to: string, declared: readonly string[]): Contract {
  if (from === to) return covered(`${to} runs here already.`)
  if (channelOf(to) === 'preview') return outside(`${to} is a preview, and previews are out of contract.`, 'Promote a stable release.')
  const target = versionOf(to)
  if (!target) return unknown(to)
  if (from === '') return covered(`${to} is the first one here.`)
  if (channelOf(from) === 'preview')
    return outside(
      `${from} is a preview: nothing is guaranteed about going from it to ${to}.`,
      'Take a backup first; what it wrote may not be readable.',
    )
  const current = versionOf(from)
  if (!current) return unknown(from)
  if (target.major !== current.major) return acrossMajor(from, to, current, target, declared)
  const step = target.minor - current.minor
  if (step === 0) return covered(`${to} is of the line ${line(current)} that runs.`)
  if (step === 1) return covered(`${to} is of the line after ${line(current)}.`)
  if (step < 0) return outside(`${to} is older than ${from}, which runs.`, 'Go back with a rollback.')
  const next = line({ ...current, minor: current.minor + 1 })
  return outside(`${to} skips a stable line after ${line(current)}: it needs ${next}.x first.`, `Promote a release of ${next} first.`)
}

function acrossMajor(from: string, to: string, current: Version, target: Version, declared: readonly string[]): Contract {
  if (target.major < current.major) return outside(`${to} is older than ${from}, which runs.`, 'Go back with a rollback.')
  if (declared.some((one) => one === line(current) || one === `v${current.major}`))
    return covered(`${to} declares that it upgrades from ${line(current)}.`)
  const lines = declared.length === 0 ? 'declares no line that it upgrades from' : `declares to upgrade from ${declared.join(', ')} alone`
  return outside(
    `${to} is of another major version than ${from}, and ${lines}.`,
    'Declare it in `upgradesFrom` of its component spec, or go through a line that is declared.',
  )
}

function versionOf(name: string): Version | undefined {
  const [, major, minor, patch] = (channelOf(name) === 'stable' && /^v(\d+)\.(\d+)\.(\d+)$/.exec(name)) || []
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch) }
}

function covered(reason: string): Contract {
  return { outcome: 'covered', reason, instead: '' }
}

function outside(reason: string, instead: string): Contract {
  return { outcome: 'outside', reason, instead }
}

function unknown(name: string): Contract {
  return { outcome: 'unknown', reason: `${name} is no version, so that nothing can be compared with it.`, instead: 'Name releases vX.Y.Z.' }
}
