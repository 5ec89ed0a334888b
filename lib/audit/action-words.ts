const verbs: Record<string, string> = { GET: 'read', POST: 'make', PUT: 'set', PATCH: 'change', DELETE: 'remove' }

/** Routes that make a deed and not a thing: POST /promotions/{promotion}/approvals approves a promotion. */
const deeds = new Map([
  ['acceptances', 'accept'],
  ['approvals', 'approve'],
  ['cancellations', 'cancel'],
  ['hand-offs', 'hand off'],
  ['lifts', 'lift'],
  ['pauses', 'pause'],
  ['prunings', 'apply'],
  ['rejections', 'reject'],
  ['replays', 'repeat'],
  ['reproductions', 'reproduce'],
  ['requests', 'ask again for'],
  ['restorations', 'restore'],
  ['resumptions', 'resume'],
  ['retries', 'retry'],
  ['revocations', 'revoke'],
  ['rotations', 'renew the secret of'],
  ['sign-offs', 'sign'],
  ['tests', 'test'],
  ['withdrawals', 'withdraw'],
])

/** Acts whose name alone does not say what happened. */
const acts = new Map([
  ['POST /api/v1/tenants/{tenant}/applications/{application}/releases', 'upload a release'],
  ['POST /api/v1/tenants/{tenant}/promotions', 'request a promotion'],
  ['POST /api/v1/tenants/{tenant}/freezes', 'set a freeze'],
  ['POST /api/v1/tenants/{tenant}/holds', 'set a hold'],
  ['POST /api/v1/tenants/{tenant}/waivers', 'grant a waiver'],
  ['POST /api/v1/tenants/{tenant}/audit/verifications', 'verify the log'],
  ['registry.get', 'pull from the registry'],
  ['registry.head', 'pull from the registry'],
  ['registry.post', 'push to the registry'],
  ['registry.put', 'push to the registry'],
  ['registry.patch', 'push to the registry'],
  ['registry.delete', 'delete from the registry'],
  ['deployment.promised', 'deployment promised to the runtime'],
  ['deployment.raised', 'lost replicas started again'],
  ['promotion.claimed', 'promotion began to roll out'],
  ['session.opened', 'signed in'],
  ['session.refused', 'sign-in refused'],
  ['session.reauthenticated', 'identity confirmed again'],
  ['session.closed', 'signed out'],
  ['member.joined_from_platform', 'platform admin joined'],
])

/**
 * An action of the log in words. A refusal that no command wrote bears its route: `POST /api/v1/tenants/{tenant}/promotions` reads
 * "request a promotion", `/{promotion}/approvals` below it "approve a promotion". Every other name reads as its words: "policy edited".
 */
export function actionWords(action: string): string {
  const known = acts.get(action)
  if (known !== undefined) return known
  const [method = '', path] = action.split(' ')
  const verb = verbs[method]
  if (verb !== undefined && path?.startsWith('/')) return routeWords(method, verb, path) ?? action
  return /^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/.test(action) ? action.replaceAll(/[._]/g, ' ') : action
}

function routeWords(method: string, verb: string, path: string): string | undefined {
  const nouns = path
    .replace('/api/v1', '')
    .replace('/tenants/{tenant}/', '/')
    .split('/')
    .filter((part) => part !== '' && !part.startsWith('{'))
  const [owner, noun] = [nouns.at(-2), nouns.at(-1)]
  if (noun === undefined) return undefined
  const deed = method === 'POST' && owner !== undefined ? deeds.get(noun) : undefined
  if (deed !== undefined && owner !== undefined) return `${deed} ${aOf(owner)}`
  const what = method === 'GET' ? noun.replaceAll('-', ' ') : aOf(noun)
  return `${verb} ${what}${owner === undefined ? '' : ` of ${aOf(owner)}`}`
}

/** "a promotion" of "promotions"; what has no plural form is named as it is. */
function aOf(part: string): string {
  const noun = part.replaceAll('-', ' ')
  if (!noun.endsWith('s') || noun.endsWith('ss')) return `the ${noun}`
  const one = noun.endsWith('ies') ? `${noun.slice(0, -3)}y` : noun.slice(0, -1)
  return `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
}
