// Standard Webhooks 1.0.0: webhook-id, webhook-timestamp, webhook-signature.
import { createHmac, hkdfSync } from 'node:crypto'
import { secretKey } from '#lib/platform/keys'

/** 24 bytes for one target and version, derived from the installation's key: nothing to steal from the database. */
function signingKey(targetId: string, version: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey('webhooks'), '', `caisson webhook ${targetId} ${version}`, 24))
}

/** As whoever verifies keeps it. */
export function signingSecret(targetId: string, version: number): string {
  return `whsec_${signingKey(targetId, version).toString('base64')}`
}

export interface Signer {
  id: string
  secretVersion: number
  previousUntil: Date | null
}

/** The headers of one attempt; after a rotation both secrets sign, so that a listener may change in its own time. */
export function signedHeaders(target: Signer, eventId: string, payload: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const isOverlap = target.previousUntil !== null && target.previousUntil > now
  const versions = isOverlap && target.secretVersion > 1 ? [target.secretVersion, target.secretVersion - 1] : [target.secretVersion]
  const signatures = versions.map((version) => {
    const key = signingKey(target.id, version)
    return `v1,${createHmac('sha256', key).update(`${eventId}.${timestamp}.${payload}`).digest('base64')}`
  })
  return {
    'content-type': 'application/json',
    'user-agent': 'Caisson-Webhooks/1',
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
