const verbs: Record<string, string> = { GET: 'read', POST: 'make', PUT: 'set', PATCH: 'change', DELETE: 'remove' }

/**
 * An action of the log in words. A refusal that no command wrote bears its route: `POST /api/v1/tenants/{tenant}/promotions` reads
 * "make a promotion", with `/{promotion}/approvals` "make an approval of a promotion". Every other action stays as it is.
 */
export function actionWords(action: string): string {
  const [method = '', path] = action.split(' ')
  const verb = verbs[method]
  if (verb === undefined || !path?.startsWith('/')) return action
  const nouns = path
    .replace('/api/v1', '')
    .replace('/tenants/{tenant}/', '/')
    .split('/')
    .filter((part) => part !== '' && !part.startsWith('{'))
    .map((part) => part.replaceAll('-', ' '))
  const [owner, noun] = [nouns.at(-2), nouns.at(-1)]
  if (noun === undefined) return action
  const what = method === 'GET' ? noun : aOf(noun)
  return `${verb} ${what}${owner === undefined ? '' : ` of ${aOf(owner)}`}`
}

/** "a promotion" of "promotions"; what has no plural form is named as it is. */
function aOf(noun: string): string {
  if (!noun.endsWith('s') || noun.endsWith('ss')) return `the ${noun}`
  const one = noun.endsWith('ies') ? `${noun.slice(0, -3)}y` : noun.slice(0, -1)
  return `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
}
