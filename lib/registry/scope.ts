// Scopes of the token protocol: `repository:tenant/application:pull,push`, several by space or by repeated parameters.

export type RepositoryAction = 'pull' | 'push' | 'delete'

const actions: readonly RepositoryAction[] = ['pull', 'push', 'delete']

export interface RequestedScope {
  type: string
  name: string
  actions: RepositoryAction[]
}

/** What is asked for, at most 20 of them; what is no scope is left out, as the protocol says. `*` asks for every action. */
export function parseScopes(values: readonly string[]): RequestedScope[] {
  return values
    .flatMap((value) => value.split(' '))
    .filter((text) => text.length > 0 && text.length <= 512)
    .slice(0, 20)
    .flatMap((text) => {
      // The name may have a port with a colon in it, so the parts are counted from both ends.
      const match = /^([a-z]+)(?:\([a-z]*\))?:(.+):([a-z*,]*)$/.exec(text)
      if (!match) return []
      const [, type = '', name = '', list = ''] = match
      const asked = list.split(',')
      return [{ type, name, actions: asked.includes('*') ? [...actions] : actions.filter((action) => asked.includes(action)) }]
    })
}

export function formatScope(name: string, action: RepositoryAction): string {
  // Clients that push or delete look first, and ask for a new token for every word of a challenge.
  return `repository:${name}:${action === 'pull' ? 'pull' : `pull,${action}`}`
}
