import { channelOf } from '#lib/releases/release-name'

/** What a file name says by the habit of Maven and Gradle: `orders-service-1.4.0.jar` is orders-service at v1.4.0; '' where it does not. */
export function guessFrom(fileName: string): { application: string; name: string } {
  const stem = fileName.replace(/\.jar$/i, '')
  const [, before = stem, version = ''] = /^(.*?)[-_.]v?(\d+\.\d+\.\d+)(?:[-_.].*)?$/.exec(stem) ?? []
  const application = before
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
  const name = version && `v${version}`
  return { application, name: channelOf(name) === 'stable' ? name : '' }
}
