// From what somebody asks for to what exactly would run: release, configuration, replicas. Refuses what makes no sense here.
import { Refusal, demand, refused, allowed, type Verdict } from '#lib/platform/refusal'
import { bringsRelease, type PromotionKind } from '#lib/promotions/promotion-kind'
import type { ApplicationFacts, DeploymentFacts, EnvironmentFacts, ReleaseFacts, RevisionFacts } from '#lib/promotions/situation'
import { secretsFor, type PlannedSecret } from '#lib/configuration/secret'
import { channelOf } from '#lib/releases/release-name'

export interface Place {
  application: ApplicationFacts
  environment: EnvironmentFacts
}

export interface Resolved {
  kind: PromotionKind
  release: ReleaseFacts
  revision: RevisionFacts
  /** Of each component; 0 for stop. */
  replicas: number
  /** Versions that it would run with. */
  secrets: PlannedSecret[]
}

/** promote where something is upstream, deploy where nothing is, unless another kind is named; refuses a kind that has no way here. */
export function chooseKind(
  { environment }: Pick<Place, 'environment'>,
  upstreamSlugs: readonly string[],
  kind: PromotionKind | undefined,
): PromotionKind {
  const isEntry = environment.upstreamIds.length === 0
  const natural = isEntry ? 'deploy' : 'promote'
  if (kind === 'promote' && isEntry) {
    throw new Refusal('conflict', `Nothing is upstream of ${environment.slug}, so nothing can be promoted into it.`, {
      fix: 'Deploy the release instead.',
    })
  }
  if (kind === 'deploy' && !isEntry) {
    const from = upstreamSlugs.join(' and ')
    throw new Refusal('conflict', `${environment.slug} takes releases from ${from}, not directly.`, {
      fix: `Deploy to an entry environment and promote from ${from}.`,
    })
  }
  return kind ?? natural
}

/** The release that is asked for by name, or the one that runs. Names are pinned: a floating tag is refused (S4.20, S4.48). */
export function chooseRelease(place: Place, kind: PromotionKind, name: string | undefined): ReleaseFacts {
  const { application, environment } = place
  const deployment = application.deployments.get(environment.id)
  if (!bringsRelease(kind)) {
    const running = application.releases.get(runningOf(place).releaseId)
    if (name !== undefined && running && name !== running.name) {
      throw new Refusal('conflict', `${environment.slug} runs ${running.name}; ${kind} does not change the release to ${name}.`, {
        fix: 'Promote the release.',
      })
    }
    return known(running, application.slug, name ?? '')
  }
  if (kind === 'rollback') demand(mayGoBack(place, deployment))
  if (name === undefined) throw new Refusal('invalid_input', `Name the release to ${kind}.`, { fix: `Say which release of ${application.slug}.` })
  if (channelOf(name) === undefined) {
    throw new Refusal('invalid_input', `"${name}" is not the name of a release; floating tags are not promoted.`, {
      fix: 'Use vX.Y.Z, vX.Y.Z-previewN or sha-<12 digits>.',
    })
  }
  const release = known(
    [...application.releases.values()].find((one) => one.name === name),
    application.slug,
    name,
  )
  if (release.prunedAt) {
    throw new Refusal('gone', `The images of ${application.slug} ${name} were pruned on ${release.prunedAt.toISOString().slice(0, 10)}.`, {
      fix: 'Choose a release that is kept, or upload the JAR again under a new name.',
    })
  }
  if (kind === 'rollback') demand(mayGoBackTo(place, release))
  return release
}

function known(release: ReleaseFacts | undefined, application: string, name: string): ReleaseFacts {
  if (release) return release
  throw new Refusal('not_found', `${application} has no release ${name}.`, { fix: `List the releases of ${application}.` })
}

/** What runs here; `conflict` where nothing was ever deployed. */
export function runningOf({ application, environment }: Place): DeploymentFacts {
  const deployment = application.deployments.get(environment.id)
  if (deployment) return deployment
  throw new Refusal('conflict', `${application.slug} was never deployed to ${environment.slug}.`, { fix: 'Deploy or promote a release first.' })
}

/** The release that runs here; `conflict` where nothing was ever deployed. */
export function runningRelease(place: Place): ReleaseFacts {
  const { releaseId } = runningOf(place)
  return known(place.application.releases.get(releaseId), place.application.slug, releaseId)
}

/** Whether there is anything to go back to (S2.14). */
export function mayGoBack({ application, environment }: Place, deployment: DeploymentFacts | undefined): Verdict {
  if (!deployment) return refused('conflict', `${application.slug} was never deployed to ${environment.slug}.`, 'Deploy or promote a release first.')
  const others = [...(application.completed.get(environment.id)?.keys() ?? [])].filter((id) => id !== deployment.releaseId)
  if (others.length > 0) return allowed
  return refused(
    'conflict',
    `No other release of ${application.slug} ever completed in ${environment.slug}: there is nothing to go back to.`,
    'Promote a release that works.',
  )
}

function mayGoBackTo({ application, environment }: Place, release: ReleaseFacts): Verdict {
  if (application.deployments.get(environment.id)?.releaseId === release.id) {
    return refused('conflict', `${release.name} is what runs in ${environment.slug} now.`, 'Choose an older release, or restart this one.')
  }
  if (application.completed.get(environment.id)?.has(release.id)) return allowed
  return refused(
    'conflict',
    `${release.name} never completed in ${environment.slug}, so it is no way back.`,
    'Choose one of the rollback candidates, or promote it.',
  )
}

/** The number of the revision that a kind runs with: operating what runs keeps its revision, the rest takes the newest. */
export function revisionNumberOf(place: Place, kind: PromotionKind, pinned: number | null): number {
  if (kind === 'restart' || kind === 'stop' || kind === 'start') return runningOf(place).configRevision
  return pinned ?? newestRevision(place).number
}

/** The newest versions of what a configuration refers to; operating what runs keeps those that it was started with. */
export function secretsOf({ application, environment }: Place, kind: PromotionKind, { document }: Pick<RevisionFacts, 'document'>): PlannedSecret[] {
  const newest = secretsFor(document, application.secrets.get(environment.id) ?? [])
  if (bringsRelease(kind) || kind === 'config') return newest
  const deployed = application.deployments.get(environment.id)?.secrets ?? []
  const names = new Set(Object.values(document.connections).map(({ secret }) => secret))
  return deployed.filter(({ name }) => names.has(name))
}

/** Whether what runs was started with other values, or other names, than these. */
function hasOtherSecrets(deployment: DeploymentFacts | undefined, secrets: readonly PlannedSecret[]): boolean {
  const listed = (all: readonly PlannedSecret[]) => all.map(({ name, versionId }) => `${name} ${versionId}`).join('\n')
  return listed(deployment?.secrets ?? []) !== listed(secrets)
}

export function newestRevision({ application, environment }: Place): RevisionFacts {
  const revision = application.revisions.get(environment.id)
  if (!revision) throw new TypeError(`no revision was loaded for ${environment.slug}`)
  return revision
}

/** Whether a resolved request would change anything, in words when not. */
export function changesSomething(place: Place, { kind, release, revision, secrets }: Resolved): Verdict {
  const { application, environment } = place
  const deployment = application.deployments.get(environment.id)
  const where = `${application.slug} in ${environment.slug}`
  const isSameConfig = deployment?.configRevision === revision.number && !hasOtherSecrets(deployment, secrets)
  const isSame = isSameConfig && deployment?.releaseId === release.id && !deployment.isStopped && !deployment.isMixed
  if ((kind === 'promote' || kind === 'deploy') && isSame) {
    return refused(
      'conflict',
      `${release.name} with configuration r${revision.number} already runs in ${environment.slug}.`,
      'Restart it if that is what you want.',
    )
  }
  if (kind === 'config' && isSameConfig) {
    return refused(
      'conflict',
      `${where} already runs with configuration r${revision.number} and these secrets.`,
      'Save a new revision or set a secret first.',
    )
  }
  if (kind === 'start' && !deployment?.isStopped) return refused('conflict', `${where} is not stopped.`, 'Restart it if that is what you want.')
  if (kind !== 'start' && !bringsRelease(kind) && deployment?.isStopped) {
    return refused('conflict', `${where} is stopped${kind === 'stop' ? ' already' : ''}.`, 'Start it first.')
  }
  return allowed
}

/** Whether the replicas can be set to a number without taking along an overlay that nobody applied. */
export function mayScale(place: Place, replicas: number): Verdict {
  const { application, environment } = place
  const deployment = runningOf(place)
  const newest = newestRevision(place)
  const where = `${application.slug} in ${environment.slug}`
  if (deployment.isStopped) return refused('conflict', `${where} is stopped.`, 'Start it first.')
  if (deployment.replicas === replicas) return refused('conflict', `${where} already has ${replicas} replicas.`, 'Choose another number.')
  if (replicas === 0) return refused('invalid_input', `Scaling ${where} to nothing would stop it without saying so.`, 'Stop it instead.')
  if (deployment.configRevision === newest.number) return allowed
  return refused(
    'conflict',
    `Configuration r${newest.number} of ${where} is not applied yet; scaling would take it along.`,
    'Apply it first, with the number of replicas that you want.',
  )
}
