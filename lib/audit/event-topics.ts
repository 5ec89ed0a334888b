// Which acts are events that others may hear of: the contract with whoever listens (docs/operators/webhooks.md). An act that is not here
// is nobody's business outside. Names and meanings are added, never changed.
export const eventTopics = {
  'release.sealed': 'a release was sealed from an upload',
  'promotion.requested': 'a promotion was asked for',
  'promotion.approved': 'somebody approved the plan of a promotion',
  'promotion.rejected': 'somebody rejected a promotion',
  'promotion.plan_moved': 'what a promotion would change moved, and its approvals are void',
  'promotion.claimed': 'a promotion began to roll out',
  'promotion.completed': 'a promotion was applied and verified',
  'promotion.failed': 'the software or a gate ended a rollout',
  'promotion.errored': 'Caisson or the runtime ended a rollout',
  'promotion.cancelled': 'a promotion was taken back',
  'promotion.expired': 'a promotion waited for too long',
  'promotion.superseded': 'another promotion took its place',
  'waiver.granted': 'an exception to a gate was granted',
  'waiver.revoked': 'an exception to a gate was ended',
  'freeze.created': 'a window that closes promotion was set',
  'line.stopped': 'the line was stopped for an incident',
  'freeze.lifted': 'a freeze was lifted',
  'freeze.skipped': 'one closed time of a weekly freeze was left open',
  'freeze.skip_withdrawn': 'a closed time that was skipped closes after all',
  'hold.set': 'a hold was put on an application',
  'hold.lifted': 'a hold was lifted',
  'configuration.saved': 'a configuration revision was saved',
  'policy.edited': 'the policy of an environment changed',
  'evidence.recorded': 'evidence for a checklist was recorded',
  'checklist.signed': 'an owner signed a checklist',
  'kit.handed_off': 'a platform team took over an install kit',
  'backup.completed': 'a backup that holds the tenant was made',
  'backup.failed': 'a backup of the installation came to nothing',
  'restore.drilled': 'a backup was restored in isolation',
  'audit.exported': 'the audit log was exported',
  'changes.exported': 'the changes of a period were exported',
  'audit.alarm_raised': 'the verification of the audit log found something',
  'webhook.tested': 'somebody asked for a test delivery',
} as const satisfies Record<string, string>

export type EventTopic = keyof typeof eventTopics

export function isEventTopic(action: string): action is EventTopic {
  return Object.hasOwn(eventTopics, action)
}
