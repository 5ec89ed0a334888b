// Uploads never pass through Next: its proxy cuts bodies above 10 MB without a word.
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { parse, readQuery, withPath } from '#app/api/door'
import { demandStorable } from '#app/api/strict-json'
import type { TenantContext } from '#lib/platform/context'
import { isRefusal, Refusal } from '#lib/platform/refusal'
import { readSettings } from '#lib/platform/settings'
import { receiveArtifact, refusedSize, type ReceivedArtifact } from '#lib/releases/commands/receive-artifact'
import { sealRelease } from '#lib/releases/commands/seal-release'
import { uploadInput } from '#lib/releases/release'

/** What a form says beside its file, at most. */
const formBytes = 1024 * 1024
const limits = { files: 1, fields: 10, fieldNameSize: 100, fieldSize: 100_000, parts: 12 }

/** Takes the JAR as the body itself, or as the one file of a multipart form whose fields are the same as the query's. */
export async function upload(
  ctx: TenantContext,
  request: IncomingMessage,
  params: Record<string, string>,
  query: URLSearchParams,
  _response: ServerResponse,
  demandStanding: () => Promise<void>,
): Promise<Response> {
  const given = withPath(readQuery(query), params)
  const isForm = /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')
  // Refuse a wrong name and a body that is too long before two gigabytes of it, not after.
  if (!isForm) parse(uploadInput, given)
  const maxBytes = readSettings().CAISSON_MAX_UPLOAD_BYTES
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + (isForm ? formBytes : 0)) throw refusedSize(maxBytes)
  const { received, fields } = await whole(isForm ? receiveForm(ctx, request, given) : receiveBody(ctx, request))
  try {
    for (const [name, value] of Object.entries(fields)) demandStorable(name + value, 'The form')
    const input = parse(uploadInput, { ...given, ...fields })
    await demandStanding()
    const result = await sealRelease(ctx, input, received)
    return Response.json(result, { status: result.isNew ? 201 : 200, headers: { 'cache-control': 'no-store', 'x-request-id': ctx.requestId } })
  } finally {
    await received.discard()
  }
}

interface Upload {
  received: ReceivedArtifact
  fields: Record<string, string>
}

/** A line that broke is told as what it is; nobody may hear it, and the log does. */
async function whole(receiving: Promise<Upload>): Promise<Upload> {
  try {
    return await receiving
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (isRefusal(error) || !['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes(code)) throw error
    throw new Refusal('invalid_input', 'The connection broke before the upload was whole, and what had arrived was thrown away.', {
      fix: 'Upload it again.',
      cause: error,
    })
  }
}

async function receiveBody(ctx: TenantContext, request: IncomingMessage): Promise<Upload> {
  // A refusal is still answered on this line, so leaving early does not destroy it.
  return { received: await receiveArtifact(ctx, request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>), fields: {} }
}

async function receiveForm(ctx: TenantContext, request: IncomingMessage, given: Record<string, unknown>): Promise<Upload> {
  const fields = new Map<string, string>()
  let receiving: Promise<ReceivedArtifact> | undefined
  let refusal: Refusal | undefined
  let fileName: string | undefined
  const refuse = (words: string, fix: string): void => {
    refusal ??= new Refusal('invalid_input', words, { fix })
  }
  const form = openForm(request)
  let file: Readable | undefined
  form.on('field', (name: string | undefined, value: string, isNameCut: boolean, isCut: boolean) => {
    const known = name ?? ''
    if (isNameCut || isCut) refuse(`The field ${known.slice(0, 80)} is too long.`, 'Send less in it.')
    if (fields.has(known) || Object.hasOwn(given, known)) refuse(`"${known.slice(0, 80)}" is said twice.`, 'Say each thing once.')
    fields.set(known, value)
  })
  for (const event of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) {
    form.on(event, () => refuse('The form has more in it than one file and the fields of an upload.', 'Send one JAR at a time.'))
  }
  form.on('file', (_name: string | undefined, stream: Readable, name: string | undefined) => {
    fileName = name || undefined
    file = stream.on('error', () => {}) // the form complains to it also when nobody reads it any more
    receiving = receiveArtifact(ctx, stream)
    receiving.catch((error: Error) => form.destroy(error))
  })
  try {
    await pipeline(request, form)
    if (refusal) throw refusal
    const received = await receiving
    if (!received) throw new Refusal('invalid_input', 'The form has no file.', { fix: 'Send the JAR in a field named file.' })
    if (fileName !== undefined && !fields.has('fileName') && !Object.hasOwn(given, 'fileName')) fields.set('fileName', fileName)
    return { received, fields: Object.fromEntries(fields) }
  } catch (error) {
    // Of a line that broke, the file would wait for more for ever.
    file?.destroy(error as Error)
    // What the receiver refused is the reason; the broken form is only its consequence.
    const received = await receiving
    await received?.discard()
    if (isRefusal(error) || !request.complete) throw error
    throw new Refusal('invalid_input', 'The form is malformed: it does not end where it says.', {
      fix: 'Send it again with a standard client.',
      cause: error,
    })
  }
}

function openForm(request: IncomingMessage): InstanceType<typeof Busboy> {
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, limits })
  } catch (cause) {
    throw new Refusal('invalid_input', 'The form does not say where its parts end.', {
      fix: 'Send it as multipart/form-data with a boundary.',
      cause,
    })
  }
}
