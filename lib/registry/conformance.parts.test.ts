// The official conformance suite of the OCI Distribution specification 1.1, with every test of it on.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useTestDatabase } from '#lib/testing/database'
import { makeApplication, makePerson, makeTenant } from '#lib/testing/factories'
import { makeToken } from '#lib/testing/http'
import { startRegistry, type RunningRegistry } from '#lib/testing/registry'

useTestDatabase()
const suite = join(homedir(), '.cache/caisson-test/bin/oci-conformance')
let registry: RunningRegistry
let token: string
let results: string

beforeAll(async () => {
  registry = await startRegistry()
  results = mkdtempSync(join(tmpdir(), 'caisson-conformance-'))
  const tenant = await makeTenant({ slug: 'conformance' })
  await makeApplication(tenant, 'repo1')
  await makeApplication(tenant, 'repo2')
  token = await makeToken(await makePerson({ tenant, roles: ['developer'] }), tenant, ['registry.push'])
})
afterAll(async () => {
  await registry.close()
  rmSync(results, { recursive: true, force: true })
})

describe('the registry', () => {
  it.skipIf(!existsSync(suite) && !process.env['CI'])('S2.18: passes the official suite, nothing failed and nothing switched off', async () => {
    const child = spawn(suite, [], {
      cwd: results,
      env: {
        ...process.env,
        HOME: results,
        OCI_REGISTRY: registry.host,
        OCI_TLS: 'disabled',
        OCI_REPO1: 'conformance/repo1',
        OCI_REPO2: 'conformance/repo2',
        OCI_USERNAME: 'token',
        OCI_PASSWORD: token,
        OCI_VERSION: '1.1',
        OCI_API_BLOBS_DIGEST_HEADER: 'true',
        OCI_API_MANIFESTS_DIGEST_HEADER: 'true',
        OCI_API_BLOBS_UPLOAD_CANCEL: 'true',
        OCI_RESULTS_DIR: results,
      },
    })
    const [output, errors, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((ended) => child.once('close', ended)),
    ])
    const count = (what: string) => Number(new RegExp(`^ *${what}\\.*: *(\\d+)$`, 'm').exec(output)?.[1])
    expect(
      { code, disabled: count('Disabled'), skipped: count('Skip'), failed: count('FAIL'), broken: count('Error') },
      `${output}\n${errors}`,
    ).toEqual({ code: 0, disabled: 0, skipped: 0, failed: 0, broken: 0 })
    expect(count('Pass')).toBeGreaterThan(800)
  })
})
