// Uploads never pass through Next: its proxy cuts bodies above 10 MB without a word.
import { pipeline } from 'node:stream/promises'
import type { IncomingMessage } from 'node:http'
import { Busboy } from '@fastify/busboy'
import { parse } from '#app/api/door'
import type { TenantContext } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'
import { receiveArtifact, type ReceivedArtifact } from '#lib/releases/commands/receive-artifact'
import { sealRelease } from '#lib/releases/commands/seal-release'
import { uploadInput } from '#lib/releases/release'

/** Takes the JAR as the body itself, or as the one file of a multipart form whose fields are the same as the query's. */
export async function upload(
  ctx: TenantContext,
  request: IncomingMessage,
  params: Record<string, string>,
  query: URLSearchParams,
): Promise<Response> {
  const given = { ...Object.fromEntries(query), application: params['application'] }
  const isForm = /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')
  // Refuse a wrong name before two gigabytes of body, not after.
  if (!isForm) parse(uploadInput, given)
  const { received, fields } = isForm ? await receiveForm(request) : { received: await receiveArtifact(request), fields: {} }
  try {
    const result = await sealRelease(ctx, parse(uploadInput, { ...given, ...fields }), received)
    return Response.json(result, { status: result.isNew ? 201 : 200, headers: { 'cache-control': 'no-store', 'x-request-id': ctx.requestId } })
  } finally {
    await received.discard()
  }
}

async function receiveForm(request: IncomingMessage): Promise<{ received: ReceivedArtifact; fields: Record<string, string> }> {
  const fields: Record<string, string> = {}
  let receiving: Promise<ReceivedArtifact> | undefined
  const type = request.headers['content-type'] ?? ''
  const form = new Busboy({ headers: { 'content-type': type }, limits: { files: 1, fields: 10, fieldSize: 100_000, parts: 12 } })
  form.on('field', (name, value) => (fields[name] = value))
  form.on('file', (_name, stream, fileName) => {
    if (fileName) fields['fileName'] ??= fileName
    receiving = receiveArtifact(stream)
    receiving.catch((error: Error) => stream.destroy(error))
  })
  try {
    await pipeline(request, form)
    const received = await receiving
    if (!received) throw new Refusal('invalid_input', 'The form has no file.', { fix: 'Send the JAR in a field named file.' })
    return { received, fields }
  } catch (error) {
    // What the receiver refused is the reason; the broken form is only its consequence.
    const received = await receiving
    await received?.discard()
    throw error
  }
}
