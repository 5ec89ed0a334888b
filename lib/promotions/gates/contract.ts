import { notApplicable, passed, stopped, type Gate, type GateFacts } from '#lib/promotions/gates/gate-facts'
import { judgeUpgrade } from '#lib/releases/upgrade-contract'
import { channelOf } from '#lib/releases/release-name'

/** Passes when the step from what runs to what comes is one that the contract of upgrades covers (S4.4). */
export const contract: Gate = ({ kind, release, runs }) => {
  if (kind !== 'promote' && kind !== 'deploy') return notApplicable('No other release comes in, or one that was here before.')
  const declared = [...new Set(release.components.flatMap(({ spec }) => spec.upgradesFrom ?? []))]
  const { outcome, reason, instead } = judgeUpgrade(runs, release.name, declared)
  const facts = [
    { name: 'runs here', value: runs || 'nothing' },
    { name: 'comes', value: release.name },
  ]
  if (outcome === 'covered') return passed(reason, facts)
  const words = `${instead} Or have somebody else waive it by name.`
  return stopped(outcome === 'unknown' ? 'missing' : 'failed', reason, { words }, facts)
}

/** A preview is refused in a protected environment, whatever its policy turns on (S4.5). */
export function asksContractAnyway({ kind, release, environment }: Pick<GateFacts, 'kind' | 'release' | 'environment'>): boolean {
  return environment.isProtected && (kind === 'promote' || kind === 'deploy') && channelOf(release.name) === 'preview'
}
