import type { IncomingMessage, ServerResponse } from 'node:http'
import { identifyBearer, identifyIssuer } from '#lib/access/identify'
import { blobStore } from '#lib/platform/disk-blob-store'
import { secretKey } from '#lib/platform/keys'
import { publicUrl, readSettings } from '#lib/platform/settings'
import { createRegistryHandler, type RegistryHandler } from '#lib/registry/handler'
import { uploadsFolder } from '#lib/registry/uploads-folder'

/** A layer may be larger than the largest JAR: it may hold several. */
const blobsPerUploadLimit = 4

let handler: RegistryHandler | undefined

/** Answers everything below `/v2/`, tokens included. Made at the first request, when settings and keys are there. */
export async function handleRegistry(request: IncomingMessage, response: ServerResponse): Promise<void> {
  handler ??= createRegistryHandler({
    identifyBearer,
    identifyIssuer,
    store: blobStore(),
    uploadsFolder: uploadsFolder(),
    publicUrl: publicUrl(),
    tokenSecret: secretKey('registry-token'),
    maxBlobBytes: blobsPerUploadLimit * readSettings().CAISSON_MAX_UPLOAD_BYTES,
  })
  await handler(request, response)
}
