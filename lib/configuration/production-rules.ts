// What production asks of a configuration, as far as a configuration can say it: each rule passes, fails, or is about something else.
import type { ConfigDocument } from '#lib/configuration/config-document'
import { findPlaintextSecrets } from '#lib/configuration/plaintext-secrets'

export interface ProductionRuleResult {
  rule: 'replicas' | 'secrets' | 'transport' | 'bootstrap'
  outcome: 'passed' | 'failed' | 'not_applicable'
  /** One sentence. */
  reason: string
}

interface Judged {
  document: ConfigDocument
  /** The environment that the release itself brings, below the configuration. */
  specs: readonly Readonly<Record<string, string>>[]
  isProtected: boolean
}

export function judgeProductionRules(judged: Judged): ProductionRuleResult[] {
  const effective = effectiveKeys(judged)
  return [replicas(judged), secrets(judged, effective), transport(effective), bootstrap(effective)]
}

/** S3.33: what one machine takes down must run on another. */
function replicas({ document, isProtected }: Judged): ProductionRuleResult {
  const rule = 'replicas'
  if (!isProtected) return { rule, outcome: 'not_applicable', reason: 'The environment is not protected.' }
  return document.replicas >= 2
    ? { rule, outcome: 'passed', reason: `${document.replicas} replicas.` }
    : { rule, outcome: 'failed', reason: `${document.replicas} replica in a protected environment; two at least outlive the loss of one.` }
}

/** S3.34: secrets come from the store of secrets, not from files of variables nor in the open. */
function secrets({ document }: Judged, effective: ReadonlyMap<string, string>): ProductionRuleResult {
  const rule = 'secrets'
  const files = Object.keys(document.files).filter((path) => /(?:^|\/)\.env(?:\.|$)/.test(path))
  const names = [...effective].filter(([key, value]) => /(?:^|_)ENV_FILE$/i.test(key) || /(?:^|[/:])\.env(?:\.|$)/.test(value)).map(([key]) => key)
  const open = findPlaintextSecrets(document).map(({ key }) => key)
  const found = [...new Set([...files, ...names, ...open])]
  return found.length === 0
    ? { rule, outcome: 'passed', reason: `${Object.keys(document.connections).length} connections to sealed secrets, and no file of variables.` }
    : { rule, outcome: 'failed', reason: `${found.join(', ')}: secrets come from the secrets of the place, neither from .env files nor in the open.` }
}

/** S3.35: nothing insecure is turned on, and what speaks TLS has both halves of its identity. */
function transport(effective: ReadonlyMap<string, string>): ProductionRuleResult {
  const rule = 'transport'
  const insecure = [...effective.keys()].filter((key) => /^INSECURE_[A-Z0-9_]+$/.test(key))
  const on = insecure.filter((key) => isOn(effective.get(key)))
  const halves = ['TLS_CERT_FILE', 'TLS_KEY_FILE']
  const missing = halves.filter((key) => (effective.get(key) ?? '') === '')
  if (on.length > 0) return { rule, outcome: 'failed', reason: `${on.join(', ')} ${on.length === 1 ? 'is' : 'are'} on; production speaks TLS.` }
  if (insecure.length === 0 && missing.length === 2) return { rule, outcome: 'not_applicable', reason: 'Nothing here is about TLS.' }
  return missing.length === 0
    ? { rule, outcome: 'passed', reason: 'Nothing insecure is on, and certificate and key are given.' }
    : { rule, outcome: 'failed', reason: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set.` }
}

/** S3.37: what makes itself at home on a laptop does not in production. */
function bootstrap(effective: ReadonlyMap<string, string>): ProductionRuleResult {
  const rule = 'bootstrap'
  const on = [...effective].filter(([key, value]) => /(?:^|_)LOCAL_BOOTSTRAP_ENABLED$/.test(key) && isOn(value)).map(([key]) => key)
  return on.length === 0
    ? { rule, outcome: 'passed', reason: 'No local bootstrap is on.' }
    : { rule, outcome: 'failed', reason: `${on.join(', ')} is on; it seeds what only a laptop should have.` }
}

function isOn(value: string | undefined): boolean {
  return /^(?:true|1|yes|on)$/i.test(value ?? '')
}

/** Of a connection, that it is there; its value is nobody's here. */
function effectiveKeys({ document, specs }: Judged): Map<string, string> {
  const { connections, flags, variables } = document
  return new Map([
    ...specs.flatMap((environment) => Object.entries(environment)),
    ...Object.entries(variables),
    ...Object.entries(flags).map(([key, value]) => [key, String(value)] as const),
    ...Object.keys(connections).map((key) => [key, 'a secret'] as const),
  ])
}
