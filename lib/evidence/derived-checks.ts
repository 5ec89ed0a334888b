// The checks that nobody attaches: they compare what runs with what was approved, each time that somebody looks.
import { isDone } from '#lib/readiness/readiness'
import { ageWords, type Finding } from '#lib/evidence/item'
import type { ChecklistSubject, EvidenceIndex, OverlayFacts, ReleaseApprovalFacts, RunningFacts, SecretFacts } from '#lib/evidence/facts'

type At = { environmentId: string; applicationId: string }

const isAt = (one: At, { application, environment }: ChecklistSubject) => one.applicationId === application.id && one.environmentId === environment.id

export function approvalOf(index: EvidenceIndex, subject: ChecklistSubject): ReleaseApprovalFacts | null {
  const own = index.approvals.filter((one) => isAt(one, subject) && one.releaseId === subject.release.id)
  return own.toSorted((a, b) => (a.approvedAt < b.approvedAt ? 1 : -1))[0] ?? null
}

/** What runs here, when it is this release. */
export function runningOf(index: EvidenceIndex, subject: ChecklistSubject): RunningFacts | null {
  return index.running.find((one) => isAt(one, subject) && one.releaseId === subject.release.id) ?? null
}

export function overlayOf(index: EvidenceIndex, subject: ChecklistSubject): OverlayFacts | null {
  return index.overlays.find((one) => isAt(one, subject)) ?? null
}

export function secretsOf(index: EvidenceIndex, subject: ChecklistSubject): SecretFacts[] {
  return index.secrets.filter((one) => isAt(one, subject)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** S0.13: running digests and values are those of the release approval. Without an approval, or without anything to see, it is missing. */
export function judgeVersionPin(index: EvidenceIndex, subject: ChecklistSubject): Finding {
  const { release, environment } = subject
  const approval = approvalOf(index, subject)
  if (!approval) return missing(`${release.name} has no release approval in ${environment.slug}: one is made when a plan with it is approved.`)
  if (!approval.isGenuine) return fail(`The release approval of ${release.name} is not the one that was signed.`)
  if (new Date(approval.expiresAt) <= index.now) {
    return { status: 'expired', reason: `The release approval ended ${approval.expiresAt}: promote ${release.name} again to have it approved anew.` }
  }
  const sealed = new Map(release.components.map(({ name, digest }) => [name, digest]))
  const other = approval.components.find(({ name, digest }) => sealed.get(name) !== digest)
  if (other || approval.components.length !== sealed.size) return fail(`The release approval names other digests than ${release.name} has.`)
  const running = runningOf(index, subject)
  if (!running) return missing(`${release.name} does not run in ${environment.slug}, so there is nothing to compare.`)
  const moved = running.components.find(({ name, digest }) => sealed.get(name) !== digest)
  if (moved) return fail(`${moved.name} is promised at ${moved.digest}, which is not the approved digest.`)
  if (running.configHash !== approval.runningHash) return fail('What runs has other values than were approved.')
  const overlay = overlayOf(index, subject)
  if (overlay && overlay.hash !== approval.overlayHash) {
    return fail(`The values changed after the approval: r${approval.configRevision} was approved, and r${overlay.revision} is the newest.`)
  }
  const drifted = driftedOf(running)[0]
  if (drifted) return fail(`A replica of ${drifted.component} runs ${drifted.digest} with other values or another digest than were approved.`)
  if (running.isStopped || running.replicas.length === 0) return missing('No replica was observed, so its digest is not known.')
  return { status: 'pass', reason: `Every replica runs the approved digest with the values of r${approval.configRevision}.` }
}

/** Replicas that were observed at something else than is promised. */
export function driftedOf(running: RunningFacts): { component: string; digest: string; configHash: string }[] {
  const promised = new Map(running.components.map(({ name, digest }) => [name, digest]))
  return running.replicas
    .filter(({ state }) => state !== 'exited' && state !== 'stopping')
    .filter(({ component, digest, configHash }) => promised.get(component) !== digest || configHash !== running.configHash)
    .map(({ component, digest, configHash }) => ({ component, digest, configHash }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** S0.17: every component is ready, in an observation that is fresh enough to speak of now. */
export function judgeRuntime(index: EvidenceIndex, subject: ChecklistSubject, maxAgeMinutes: number): Finding {
  const running = runningOf(index, subject)
  const { release, environment } = subject
  if (!running || running.isStopped) return missing(`${release.name} does not run in ${environment.slug} now.`)
  if (!running.observedAt) return missing(`${release.name} was never observed in ${environment.slug}.`)
  if (index.now.getTime() - running.observedAt.getTime() > maxAgeMinutes * 60_000) {
    return missing(`The last observation is older than ${ageWords(maxAgeMinutes)}, so nothing is known about now.`)
  }
  const wanted = running.components.filter(({ replicas }) => replicas > 0)
  const lacking = wanted.map((one) => ({ ...one, ready: readyOf(running, one.name) })).filter(({ ready, replicas }) => ready.length < replicas)
  if (lacking.length > 0) {
    const words = lacking.map(({ name, ready, replicas }) => `${name} (${ready.length} of ${replicas}${whyNot(running, name)})`)
    return fail(`${wanted.length - lacking.length} of ${wanted.length} components ready; not ready: ${words.join(', ')}.`)
  }
  return { status: 'pass', reason: `${wanted.length} of ${wanted.length} components ready.` }
}

function readyOf({ replicas }: RunningFacts, component: string) {
  return replicas.filter((one) => one.component === component && (one.state === 'ready' || isDone(one)))
}

/**
 * S0.16: what the release runs once (migrations, provisioning of streams and their consumers) did its work, by the last observation of
 * what runs here. undefined where the release runs nothing once, or nothing of it is promised here: then somebody has to say it.
 */
export function judgeStorage(index: EvidenceIndex, subject: ChecklistSubject): Finding | undefined {
  const once = subject.release.components.filter(({ spec }) => spec.runs === 'once').map(({ name }) => name)
  const running = runningOf(index, subject)
  if (once.length === 0 || !running) return undefined
  const pending = once.filter((name) => !running.replicas.some((one) => one.component === name && isDone(one)))
  if (pending.length > 0) {
    const words = pending.map((name) => `${name} (${stateOf(running, name)})`)
    return fail(`${words.join(', ')}: migrations and provisioning are not complete until what runs once has done its work.`)
  }
  return { status: 'pass', reason: `${once.join(', ')} did ${once.length === 1 ? 'its' : 'their'} work here: migrated and provisioned.` }
}

function stateOf({ replicas }: RunningFacts, component: string): string {
  const seen = replicas.find((one) => one.component === component)
  return seen ? (seen.reason === '' ? seen.state.replace('_', ' ') : seen.reason) : 'not observed'
}

function whyNot({ replicas }: RunningFacts, component: string): string {
  const reasons = new Set(
    replicas.filter((one) => one.component === component && one.state !== 'ready' && one.reason !== '').map(({ reason }) => reason),
  )
  return reasons.size > 0 ? `: ${[...reasons].join(', ')}` : ''
}

/** Names of the secrets that the release declares to need; undefined where it says nothing. */
export function neededSecrets({ release }: ChecklistSubject): string[] | undefined {
  const declared = release.components.flatMap(({ spec }) => (spec.requiredSecrets === undefined ? [] : [spec.requiredSecrets]))
  return declared.length === 0 ? undefined : [...new Set(declared.flat())].toSorted()
}

/** S0.14: every secret that the release needs has a place and an owner. */
export function judgeSecrets(index: EvidenceIndex, subject: ChecklistSubject): Finding {
  const needed = neededSecrets(subject)
  const kept = secretsOf(index, subject)
  const { release, environment } = subject
  if (needed === undefined && kept.length === 0) {
    return missing(`${release.name} does not say which secrets it needs; declare them in its component spec, or declare that it needs none.`)
  }
  const names = [...new Set([...(needed ?? []), ...kept.map(({ name }) => name)])]
  if (names.length === 0) return { status: 'not_applicable', reason: `${release.name} declares that it needs no secret.` }
  const homeless = names.filter((name) => {
    const secret = kept.find((one) => one.name === name)
    return !secret || secret.location === '' || secret.owner === ''
  })
  if (homeless.length > 0) return fail(`${homeless.join(', ')} ${homeless.length === 1 ? 'has' : 'have'} no place or owner in ${environment.slug}.`)
  return { status: 'pass', reason: `${names.length === 1 ? 'One secret has' : `All ${names.length} secrets have`} a place and an owner.` }
}

function missing(reason: string): Finding {
  return { status: 'missing', reason }
}

function fail(reason: string): Finding {
  return { status: 'fail', reason }
}
