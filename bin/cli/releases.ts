// upload, releases, release, reproduce: what is sealed.
import { basename, resolve } from 'node:path'
import { readFileSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { path, type Api } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { bytes, facts, note, show, short, table, time } from '#bin/cli/print'
import { sendFile } from '#bin/cli/send-file'
import { isRefusal, Refusal } from '#lib/platform/refusal'
import type { ReleasePage } from '#lib/releases/queries/list-releases'
import type { ReleaseView, ReproductionView, UploadResult } from '#lib/releases/release'

export interface UploadOptions extends CommonOptions {
  app: string
  name?: string
  commit?: string
  spec?: string
  createApp?: boolean
}

export function addReleases(program: Command): void {
  overApi(
    program
      .command('upload')
      .argument('<jar>', 'the file')
      .description('upload a JAR and seal it into a release')
      .requiredOption('--app <slug>', 'the application')
      .option('--name <name>', 'vX.Y.Z or vX.Y.Z-previewN; sha-<12> of the image when absent')
      .option('--commit <hash>', 'the commit that it was built from')
      .option('--spec <file>', 'JSON of a component spec, to differ from the one of the application')
      .option('--create-app', 'make the application when it does not exist')
      .addHelpText(
        'after',
        `
The same bytes under the same name are the same release: nothing is built twice, and the exit code is 0.
Other bytes under a name that is taken are refused with exit code 16.

  $ caisson upload target/orders.jar --app orders --name v1.4.0 --commit "$(git rev-parse HEAD)"
  $ caisson upload target/orders.jar --app orders --create-app --json`,
      ),
    async (api, jar: string, options: UploadOptions) => {
      const result = await upload(api, jar, options)
      show(options, result, () => sealLine(result))
    },
  )

  overApi(
    program
      .command('releases')
      .description('releases, newest first')
      .option('--app <slug>', 'of this application only')
      .option('--search <text>', 'part of a name, commit or digest')
      .option('--limit <count>', 'at most so many', '50'),
    async (api, options: CommonOptions & { app?: string; search?: string; limit: string }) => {
      const { app: application, search, limit } = options
      const page = await api.call<ReleasePage>('GET', '/tenants/{tenant}/releases', { application, search, limit })
      show(options, page, () => releaseTable(page))
    },
  )

  overApi(
    program.command('release').argument('<app>').argument('<name>').description('one release: seal line, layers, where it runs and ran'),
    async (api, app: string, name: string, options: CommonOptions) => {
      const release = await api.call<ReleaseView>('GET', path`/tenants/{tenant}/applications/${app}/releases/${name}`)
      show(options, release, () => describeRelease(release))
    },
  )

  overApi(
    program
      .command('reproduce')
      .argument('<app>')
      .argument('<name>')
      .description('build the image again from the stored JAR and compare the digests'),
    async (api, app: string, name: string, options: CommonOptions) => {
      const result = await api.call<ReproductionView>('POST', path`/tenants/{tenant}/applications/${app}/releases/${name}/reproductions`)
      show(options, result, () => `${result.isIdentical ? 'identical' : 'NOT identical'}: ${result.rebuiltDigest} after ${result.tookMs} ms`)
      if (!result.isIdentical) process.exitCode = 2
    },
  )
}

export async function upload(api: Api, jar: string, options: UploadOptions): Promise<UploadResult> {
  const file = resolve(jar)
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat?.isFile()) throw new Refusal('invalid_input', `There is no file ${jar}.`, { fix: 'Name the JAR that your build made.' })
  if (options.createApp) await ensureApplication(api, options.app)
  const { name, commit } = options
  const spec = options.spec === undefined ? undefined : readFileSync(options.spec, 'utf8')
  const address = await api.address(path`/tenants/{tenant}/applications/${options.app}/releases`, { name, commit, spec, fileName: basename(file) })
  return sendFile<UploadResult>(address, api.token, { file, sizeBytes: stat.size, showsBar: !options.json && process.stderr.isTTY })
}

async function ensureApplication(api: Api, slug: string): Promise<void> {
  try {
    await api.call('GET', path`/tenants/{tenant}/applications/${slug}`)
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'not_found') throw error
    await api.call('POST', '/tenants/{tenant}/applications', { slug, name: slug })
    note(`Made the application ${slug}.`)
  }
}

function sealLine({ release, isNew, wasBuilt }: UploadResult): string {
  const seal = release.components[0]?.seal
  const line = `JAR ${short(seal?.artifactDigest ?? '')} → base ${seal?.baseDigest ? short(seal.baseDigest) : 'none'} → image ${release.digest}`
  const how = isNew
    ? wasBuilt
      ? `built in ${seal?.buildMs ?? 0} ms`
      : 'the same bytes as an earlier release, so nothing was built'
    : 'was here already'
  return `${release.application.slug} ${release.name}: ${how}\n${line}\nnext: caisson promote ${release.application.slug} ${release.name} --to ENVIRONMENT`
}

function releaseTable({ releases, next }: ReleasePage): string {
  if (releases.length === 0) return 'No releases. Upload one: caisson upload FILE.jar --app SLUG --create-app'
  const rows = releases.map((one) => [
    one.application.slug,
    one.name,
    short(one.digest),
    bytes(one.sizeBytes),
    time(one.createdAt),
    one.createdBy.name,
    one.runsIn.join(', '),
  ])
  return table(['APP', 'RELEASE', 'DIGEST', 'SIZE', 'SEALED', 'BY', 'RUNS IN'], rows) + (next === null ? '' : '\n(more: --limit, --app or --search)')
}

function describeRelease(release: ReleaseView): string {
  const head = facts([
    ['release', `${release.application.slug} ${release.name} (${release.channel})`],
    ['sealed', `${time(release.createdAt)} by ${release.createdBy.name}`],
    ['commit', release.commit],
    ['runs in', release.runsIn.join(', ')],
    ['pull', release.pullLine],
  ])
  const components = release.components.map(({ name, seal, layers }) => {
    const chain = facts([
      ['JAR', `${seal.artifactDigest || 'pushed as an image'} ${seal.fileName}`],
      ['base', seal.baseDigest || 'none'],
      ['image', seal.imageDigest],
    ])
    return `${name}\n${chain}\n${table(
      ['LAYER', 'DIGEST', 'SIZE'],
      layers.map((layer) => [layer.name, short(layer.digest), bytes(layer.sizeBytes)]),
    )}`
  })
  const history = release.history.map(({ environment, kind, state, at, promotionId }) => [environment, kind, state, time(at), promotionId])
  const ran = history.length === 0 ? 'Not promoted yet.' : table(['ENVIRONMENT', 'KIND', 'STATE', 'AT', 'PROMOTION'], history)
  return [head, ...components, ran].join('\n\n')
}
