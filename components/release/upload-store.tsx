// Uploads live beside the pages, not in one: they go on while somebody looks at another page of the console.
import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { Problem, problemOf } from '#components/api'
import { tenantPath } from '#components/live'
import { tell } from '#components/ui/toasts'
import type { UploadResult } from '#lib/releases/release'

export interface UploadRequest {
  application: string
  file: File
  /** '' for the name that the content gives. */
  name: string
  commit: string
}

type UploadProgress =
  | { phase: 'sending'; sentBytes: number }
  /** All bytes are there; the server inspects and builds. */
  | { phase: 'sealing' }
  | { phase: 'sealed'; result: UploadResult }
  | { phase: 'refused'; problem: Problem }

export type Upload = UploadProgress & { request: UploadRequest }

const uploads = new Map<string, Upload>()
const requests = new Map<string, XMLHttpRequest>()
const listeners = new Set<() => void>()

/** The upload of a tenant, under way or just ended; undefined when there is none. */
export function useUpload(tenant: string): Upload | undefined {
  return useSyncExternalStore(
    listen,
    () => uploads.get(tenant),
    () => undefined,
  )
}

/** Sends the file as the body. XMLHttpRequest, because fetch does not tell how many bytes went out. */
export function startUpload(tenant: string, request: UploadRequest, client: QueryClient): void {
  requests.get(tenant)?.abort()
  const xhr = new XMLHttpRequest()
  const query = new URLSearchParams({ fileName: request.file.name })
  if (request.name) query.set('name', request.name)
  if (request.commit) query.set('commit', request.commit)
  const tell = (progress: UploadProgress): void => {
    if (requests.get(tenant) === xhr) put(tenant, { ...progress, request })
  }
  const end = (progress: UploadProgress): void => {
    tell(progress)
    requests.delete(tenant)
    guardLeaving()
    announceElsewhere(tenant, request, progress)
    void client.invalidateQueries({ queryKey: ['t', tenant, 'release'] })
  }
  requests.set(tenant, xhr)
  guardLeaving()
  xhr.upload.addEventListener('progress', ({ loaded }) => tell({ phase: 'sending', sentBytes: loaded }))
  xhr.upload.addEventListener('load', () => tell({ phase: 'sealing' }))
  xhr.addEventListener('load', () => void answered(xhr).then(end))
  xhr.addEventListener('error', () => end({ phase: 'refused', problem: cutOff() }))
  xhr.open('POST', `/api/v1${tenantPath(tenant, 'applications', request.application, 'releases')}?${query}`)
  xhr.setRequestHeader('content-type', 'application/java-archive')
  tell({ phase: 'sending', sentBytes: 0 })
  xhr.send(request.file)
}

/** Stops what is under way and forgets what ended. */
export function dropUpload(tenant: string): void {
  const xhr = requests.get(tenant)
  requests.delete(tenant)
  xhr?.abort()
  guardLeaving()
  put(tenant, undefined)
}

async function answered(xhr: XMLHttpRequest): Promise<UploadProgress> {
  if (xhr.status >= 200 && xhr.status < 300) {
    try {
      return { phase: 'sealed', result: JSON.parse(xhr.responseText) as UploadResult }
    } catch {
      return { phase: 'refused', problem: cutOff() }
    }
  }
  return { phase: 'refused', problem: await problemOf(new Response(xhr.responseText, { status: xhr.status })) }
}

function cutOff(): Problem {
  const fix = 'Try again: the same bytes are the same release, nothing is sealed twice.'
  return new Problem({ status: 0, code: 'network', detail: 'The line broke before the server answered.', fix })
}

/** A refusal belongs into the form; who is elsewhere hears of it in a corner. */
function announceElsewhere(tenant: string, { application, file }: UploadRequest, progress: UploadProgress): void {
  if (location.pathname === `/t/${tenant}/releases/new`) return
  if (progress.phase === 'sealed') void tell(`${application} ${progress.result.release.name} is sealed`)
  if (progress.phase === 'refused') void tell(`${file.name} was not sealed`, progress.problem.detail)
}

function guardLeaving(): void {
  if (requests.size > 0) addEventListener('beforeunload', warn)
  else removeEventListener('beforeunload', warn)
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

function put(tenant: string, upload: Upload | undefined): void {
  if (upload) uploads.set(tenant, upload)
  else uploads.delete(tenant)
  for (const listener of listeners) listener()
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
