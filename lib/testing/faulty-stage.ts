// Applications on a running Caisson that misbehave as their releases say.
import { createReadStream } from 'node:fs'
import type { CaissonTree } from '#lib/testing/caisson-tree'
import { faultySpec, hastySpec } from '#lib/testing/faulty-jar'

const tenant = '/tenants/main'

export interface FaultyStage {
  /** One more release, under a specification that is as it was. */
  upload(application: string, name: string, jar: string): Promise<void>
  /** Releases are called as the JARs are; a `hasty` one has a short start period. */
  make(slug: string, jars: Record<string, string>, options?: { replicas?: number; hasty?: string }): Promise<void>
  /** Asks for a release in dev; the id of the promotion. */
  ask(application: string, release: string): Promise<string>
}

export function faultyStage(caisson: CaissonTree, bearer: string): FaultyStage {
  const upload = async (application: string, name: string, jar: string): Promise<void> => {
    const path = `${tenant}/applications/${application}/releases?name=${name}&fileName=faulty.jar`
    await caisson.call(bearer, 'POST', path, createReadStream(jar))
  }
  return {
    upload,
    async make(slug, jars, { replicas = 1, hasty } = {}) {
      const path = `${tenant}/applications/${slug}`
      await caisson.call(bearer, 'POST', `${tenant}/applications`, { slug, name: slug })
      for (const [name, jar] of Object.entries(jars)) {
        // A release keeps the specification that it was uploaded under.
        await caisson.call(bearer, 'PUT', `${path}/components/app/spec`, { spec: name === hasty ? hastySpec : faultySpec })
        await upload(slug, name, jar)
      }
      const document = { jvmArguments: ['-XX:TieredStopAtLevel=1', '-Xmx32m'], replicas, strategy: { maxUnavailable: 0, maxSurge: 1 } }
      await caisson.call(bearer, 'POST', `${path}/config-revisions`, { environment: 'dev', expected: 0, document })
    },
    async ask(application, release) {
      const body = { application, environment: 'dev', release, reason: 'to see what becomes of it' }
      return (await caisson.call(bearer, 'POST', `${tenant}/promotions`, body)).id
    },
  }
}
