/** One wrong field of a form, as the server names it. */
export interface FieldError {
  field: string
  message: string
}

interface ProblemFields {
  status: number
  code: string
  detail: string
  fix?: string | undefined
  requestId?: string | undefined
  errors?: readonly FieldError[]
  /** The other members of the body: gates, names, times. */
  extensions?: Readonly<Record<string, unknown>>
}

/** What the API refused (RFC 9457), in the words that the page shows. `code` is `network` when no answer came at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly fix: string | undefined
  readonly requestId: string | undefined
  readonly errors: readonly FieldError[]
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(fields: ProblemFields, cause?: unknown) {
    super(fields.detail, { cause })
    this.name = 'Problem'
    this.status = fields.status
    this.code = fields.code
    this.detail = fields.detail
    this.fix = fields.fix
    this.requestId = fields.requestId
    this.errors = fields.errors ?? []
    this.extensions = fields.extensions ?? {}
  }

  /** Silence, or a fault of the server: it may pass by itself, as a refusal never does. */
  get isFault(): boolean {
    return this.status === 0 || this.status >= 500
  }

  /** The words for one field of a form; undefined when it is fine. */
  field(name: string): string | undefined {
    return this.errors.find(({ field }) => field === name)?.message
  }
}

/**
 * Asks `/api/v1{path}`. Parameters that are undefined or '' are left out.
 * @throws {Problem}
 */
export async function apiGet<T>(path: string, query: Record<string, string | number | boolean | undefined> = {}, signal?: AbortSignal): Promise<T> {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(key, String(value))
  const suffix = search.size > 0 ? `?${search}` : ''
  return send<T>(`${path}${suffix}`, signal ? { signal } : {})
}

/**
 * Changes something at `/api/v1{path}`; answers undefined for 204.
 * @throws {Problem}
 */
export async function apiSend<T = undefined>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T> {
  return send<T>(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const response = await reach(path, init)
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (error) {
    throw unreadable(response.status, error)
  }
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, { credentials: 'same-origin', cache: 'no-store', ...init })
  } catch (error) {
    // An aborted question was withdrawn by the page itself: nothing to show.
    if (init.signal?.aborted) throw error
    const detail = 'The server did not answer.'
    throw new Problem({ status: 0, code: 'network', detail, fix: 'Look at your connection, then try again.' }, error)
  }
}

/** Any answer that is none of ours (a proxy's page, a cut body) still becomes words that one can act on. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: unknown
  try {
    body = await response.json()
  } catch (error) {
    return unreadable(response.status, error)
  }
  if (typeof body !== 'object' || body === null || !('code' in body) || typeof body.code !== 'string') return unreadable(response.status)
  const { type: _type, title, status: _status, detail, code, fix, requestId, errors, ...extensions } = body as Record<string, unknown>
  return new Problem({
    status: response.status,
    code: String(code),
    detail: text(detail) ?? text(title) ?? String(code),
    fix: text(fix),
    requestId: text(requestId),
    errors: Array.isArray(errors) ? errors.filter(isFieldError) : [],
    extensions,
  })
}

function unreadable(status: number, cause?: unknown): Problem {
  const detail = `The answer of the server (${status}) could not be read.`
  return new Problem(
    { status, code: 'unreadable', detail, fix: 'Try again; if it stays so, look at what stands between this page and the server.' },
    cause,
  )
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isFieldError(value: unknown): value is FieldError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'field' in value &&
    typeof value.field === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  )
}
