import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'
import { listReleasesInput } from '#lib/releases/queries/list-releases'
import { searchInput } from '#lib/releases/queries/search'
import { uploadInput } from '#lib/releases/release'

const oneRelease = z.strictObject({ application: z.string().max(63), release: z.string().max(100) })

export const releaseRoutes = {
  'POST /api/v1/tenants/{tenant}/applications/{application}/releases': {
    permission: 'artifact.upload',
    summary: 'Upload a JAR (the body is its bytes) and seal it into a release',
    input: uploadInput,
    status: 201,
    servedBy: 'http',
  },
  'GET /api/v1/tenants/{tenant}/releases': {
    permission: 'tenant.read',
    summary: 'Releases, newest first',
    input: listReleasesInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/releases/{release}': {
    permission: 'tenant.read',
    summary: 'One release: seal line, layers, where it runs and ran',
    input: oneRelease,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/applications/{application}/releases/{release}/reproductions': {
    permission: 'tenant.read',
    summary: 'Build the image again from the stored JAR and compare the digests',
    input: oneRelease,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/search': {
    permission: 'tenant.read',
    summary: 'Everywhere a digest, tag, commit, JAR hash or name is or was',
    input: searchInput,
    status: 200,
  },
} as const satisfies RouteTable
