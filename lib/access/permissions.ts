// The one permission table: the server refuses by it and the pages explain with it.

export const roles = ['viewer', 'developer', 'release_manager', 'approver', 'sre', 'evidence_owner', 'auditor', 'tenant_admin'] as const
export type Role = (typeof roles)[number]

export interface Permission {
  roles: readonly Role[]
  /** Roles that have the verb only in environments that are not protected. */
  unprotectedOnly?: readonly Role[]
  /** What it lets one do, as the pages say it. */
  says: string
  /** A person's decision: never held by a token. */
  isPersonal?: boolean
}

const everyRole = roles

export const permissions = {
  'tenant.read': { roles: everyRole, says: 'see the board, releases and environments' },
  'artifact.upload': { roles: ['developer', 'release_manager'], says: 'upload a JAR' },
  'release.annotate': { roles: ['developer', 'release_manager'], says: 'write notes on a release' },
  'registry.push': { roles: ['developer', 'release_manager'], says: 'push to the registry' },
  'release.quarantine': { roles: ['release_manager'], says: 'quarantine a release' },
  'kit.prepare': { roles: ['release_manager'], says: 'prepare an install kit' },
  'retention.pin': { roles: ['release_manager'], says: 'pin a release' },
  'promotion.request': { roles: ['release_manager', 'sre'], unprotectedOnly: ['developer'], says: 'request a promotion' },
  'promotion.cancel': { roles: ['release_manager', 'sre'], unprotectedOnly: ['developer'], says: 'cancel a promotion' },
  'promotion.approve': { roles: ['approver'], says: 'approve or reject a promotion', isPersonal: true },
  'waiver.grant': { roles: ['approver'], says: 'grant a waiver', isPersonal: true },
  'rollback.request': { roles: ['sre', 'release_manager'], says: 'roll back' },
  'deployment.operate': { roles: ['sre', 'release_manager'], says: 'stop, start, restart and scale' },
  'freeze.set': { roles: ['sre', 'release_manager'], says: 'freeze promotion or stop the line' },
  'hold.set': { roles: ['sre', 'release_manager'], says: 'hold automation' },
  'breakglass.use': { roles: ['sre'], says: 'break the glass', isPersonal: true },
  'overlay.edit': { roles: ['sre', 'release_manager'], unprotectedOnly: ['developer'], says: 'edit configuration' },
  'secret.write': { roles: ['sre', 'tenant_admin'], says: 'write secrets' },
  'evidence.attach': { roles: ['developer', 'release_manager', 'sre', 'evidence_owner'], says: 'attach evidence' },
  'checklist.sign': { roles: ['evidence_owner'], says: 'sign a checklist', isPersonal: true },
  'kit.accept': { roles: ['evidence_owner'], says: 'accept a hand-off', isPersonal: true },
  'audit.read': { roles: ['auditor', 'tenant_admin'], says: 'read the audit log' },
  'audit.export': { roles: ['auditor'], says: 'export the audit log' },
  'desk.use': { roles: ['auditor'], says: "use the auditor's desk" },
  'settings.read': { roles: ['auditor', 'tenant_admin'], says: 'see invitations, API tokens and webhooks' },
  'member.manage': { roles: ['tenant_admin'], says: 'manage members', isPersonal: true },
  'token.manage': { roles: ['tenant_admin'], says: 'manage API tokens', isPersonal: true },
  'environment.manage': { roles: ['tenant_admin'], says: 'manage environments and applications' },
  'policy.edit': { roles: ['tenant_admin'], says: 'edit policies' },
  'webhook.manage': { roles: ['tenant_admin'], says: 'manage webhooks' },
  'provider.manage': { roles: ['tenant_admin'], says: 'manage providers' },
  'tenant.settings': { roles: ['tenant_admin'], says: 'change tenant settings' },
} as const satisfies Record<string, Permission>

export type Verb = keyof typeof permissions

/** What changes nothing: whoever may do no more than this only reads. */
export const readingVerbs: readonly string[] = ['tenant.read', 'audit.read', 'audit.export', 'desk.use', 'settings.read'] satisfies Verb[]

/** Verbs of the installation. A platform admin has no tenant verb without a membership of their own. */
export const platformVerbs = {
  'tenant.create': 'create tenants',
  'tenant.retier': "change a tenant's tier",
  'tenant.suspend': 'suspend a tenant',
  'tenant.join': 'join a tenant',
  'platform.settings': 'change platform settings',
  'backup.run': 'run a backup',
  'installation.inspect': 'look at the installation',
} as const

export type PlatformVerb = keyof typeof platformVerbs

/** The verbs that these roles have, somewhere or everywhere, in the order of the table. */
export function verbsOf(held: readonly string[]): Verb[] {
  return (Object.keys(permissions) as Verb[]).filter((verb) => {
    const { roles: always, unprotectedOnly = [] }: Permission = permissions[verb]
    return [...always, ...unprotectedOnly].some((role) => held.includes(role))
  })
}

/** The verbs that a token may hold: none that is a person's decision. */
export function tokenVerbsOf(held: readonly string[]): Verb[] {
  return verbsOf(held).filter((verb) => !(permissions[verb] as Permission).isPersonal)
}

/** "release manager" of `release_manager`. */
export function roleName(role: string): string {
  return role.replaceAll('_', ' ')
}

export function isVerb(verb: string): verb is Verb {
  return Object.hasOwn(permissions, verb)
}
