import { bringsNews } from '#lib/promotions/promotion-kind'
import { notApplicable, passed, stopped, type Gate, type GateFacts } from '#lib/promotions/gates/gate-facts'
import { channelOf } from '#lib/releases/release-name'

/** How old a backup may be when the policy does not say. */
const defaultMaxAgeHours = 24

/** A backup newer than what runs here, and no older than the policy takes (S4.19): what an upgrade breaks can be brought back. */
export const backup: Gate = (facts, parameters) => {
  if (!bringsNews(facts.kind)) return notApplicable('This brings nothing new in.')
  const maxAgeHours = typeof parameters['maxAgeHours'] === 'number' ? parameters['maxAgeHours'] : defaultMaxAgeHours
  const fix = { words: 'Make a backup on its page, or by caisson backup --to FILE.', href: `/t/${facts.tenant.slug}/settings/backups` }
  const at = facts.backupAt
  if (!at) return stopped('missing', 'No completed backup holds this tenant.', fix)
  const seen = [{ name: 'backup', value: 'completed', at: at.toISOString() }]
  if (facts.deployedAt && at <= facts.deployedAt) {
    return stopped('failed', `The last backup is older than what runs in ${facts.environment.slug}.`, fix, seen)
  }
  const ageHours = (facts.now.getTime() - at.getTime()) / 3_600_000
  if (ageHours > maxAgeHours) return stopped('failed', `The last backup is ${Math.floor(ageHours)} hours old; ${maxAgeHours} are allowed.`, fix, seen)
  return passed('A backup is newer than what runs here.', seen)
}

/**
 * Whether the gate is asked although no policy turns it on: an upgrade from or to a preview in a protected environment is out of contract
 * (S4.9), and the backup is the only way back.
 */
export function asksBackupAnyway(facts: Pick<GateFacts, 'kind' | 'release' | 'runs' | 'environment'>): boolean {
  if (!facts.environment.isProtected || (facts.kind !== 'promote' && facts.kind !== 'deploy') || facts.runs === '') return false
  return [facts.runs, facts.release.name].some((name) => channelOf(name) === 'preview')
}
