/** The header in which http hands on the address of the connection; it overwrites what a client sends under this name. */
export const addressHeader = 'x-caisson-address'

/** What is kept of the caller beside a session, so that its owner recognises it. */
export function clientOf(headers: { get(name: string): string | null }): { userAgent: string; address: string } {
  return { userAgent: headers.get('user-agent') ?? '', address: headers.get(addressHeader) ?? '' }
}

/** The header in which http hands on what was asked for, so that signing in leads back to it. */
export const pathHeader = 'x-caisson-path'
