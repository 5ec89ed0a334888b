import { isRepositoryName } from '#lib/oci/reference'

/** `tenant/application[/component]`, as it stands in an address below `/v2/`. */
export interface RepositoryName {
  /** The whole of it. */
  full: string
  tenant: string
  application: string
  /** What the row is called: `application[/component]`. */
  local: string
}

/** undefined for what no tenant could have: another grammar, or another number of parts. */
export function parseRepositoryName(text: string): RepositoryName | undefined {
  if (!isRepositoryName(text)) return undefined
  const [tenant = '', application = '', ...rest] = text.split('/')
  if (application === '' || rest.length > 1) return undefined
  return { full: text, tenant, application, local: [application, ...rest].join('/') }
}
