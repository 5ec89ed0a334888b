// What production asks of a configuration, as far as a configuration can say it: each rule passes, fails, or is about something else.
import type { ConfigDocument } from '#lib/configuration/config-document'
import { findPlaintextSecrets } from '#lib/configuration/plaintext-secrets'

export interface ProductionRuleResult {
  rule: 'exposure' | 'volumes' | 'replicas' | 'secrets' | 'transport' | 'environment' | 'bootstrap' | 'streams' | 'leader'
  outcome: 'passed' | 'failed' | 'not_applicable'
  /** One sentence. */
  reason: string
}

interface Judged {
  document: ConfigDocument
  /** What the release itself brings, below the configuration. */
  components: readonly JudgedComponent[]
  isProtected: boolean
}

export interface JudgedComponent {
  name: string
  environment: Readonly<Record<string, string>>
  arguments: readonly string[]
  /** Whether the release declares it as the one that others reach from outside. */
  isPublic: boolean
}

export function judgeProductionRules(judged: Judged): ProductionRuleResult[] {
  const effective = effectiveKeys(judged)
  return [
    exposure(judged),
    volumes(judged),
    replicas(judged),
    secrets(judged, effective),
    transport(effective),
    environment(judged, effective),
    bootstrap(effective),
    streams(judged, effective),
    leader(judged, effective),
  ]
}

const bindKey = /^(?:SERVER_ADDRESS|SERVER_HOST|HOST|BIND_ADDRESS|LISTEN_ADDRESS)$/
const bindArgument = /^--(?:server\.address|bind-address|host|listen)(?:=(.*))?$/
const loopback = /^(?:127(?:\.\d{1,3}){3}|\[?::1\]?|localhost)(?::\d+)?$/

/** S3.18, S3.31: only what the release declares public listens beyond the machine, and in production it does so with TLS. */
function exposure(judged: Judged): ProductionRuleResult {
  const rule = 'exposure'
  const bound = judged.components.flatMap((component) => bindings(judged, component).map((address) => ({ ...component, address })))
  const open = bound.filter(({ address }) => !loopback.test(address))
  const hidden = open.find(({ isPublic }) => !isPublic)
  if (hidden) return { rule, outcome: 'failed', reason: `${hidden.name} listens on ${hidden.address}, and the release does not declare it public.` }
  const bare = open.find(({ environment: own }) => judged.isProtected && !hasTls(judged, own))
  if (bare) return { rule, outcome: 'failed', reason: `${bare.name} listens on ${bare.address} without TLS_CERT_FILE and TLS_KEY_FILE.` }
  if (open.length > 0)
    return { rule, outcome: 'passed', reason: `Only ${open.map(({ name }) => name).join(', ')}, declared public, listens beyond the machine.` }
  if (bound.length > 0) return { rule, outcome: 'passed', reason: 'Everything listens on the loopback alone; the gateway is the way in.' }
  return { rule, outcome: 'not_applicable', reason: 'No address to listen on is given: the runtime gives one on the loopback.' }
}

/** Where a component is told to listen, by its variables and arguments. */
function bindings({ document }: Judged, component: JudgedComponent): string[] {
  const told = { ...component.environment, ...document.variables }
  const variables = Object.entries(told).flatMap(([key, value]) => (bindKey.test(key) ? [value] : []))
  const given = component.arguments.flatMap((argument, index) => {
    const [is, value] = bindArgument.exec(argument) ?? []
    return is === undefined ? [] : [value ?? component.arguments[index + 1] ?? '']
  })
  return [...variables, ...given].filter((address) => address !== '')
}

function hasTls({ document }: Judged, own: Readonly<Record<string, string>>): boolean {
  const told: Record<string, unknown> = { ...own, ...document.variables, ...document.connections }
  return ['TLS_CERT_FILE', 'TLS_KEY_FILE'].every((key) => (told[key] ?? '') !== '')
}

/** S3.32: what has to last is not kept where a replica is: its data directory ends with it. */
function volumes({ document, components, isProtected }: Judged): ProductionRuleResult {
  const rule = 'volumes'
  if (!isProtected) return { rule, outcome: 'not_applicable', reason: 'The environment is not protected.' }
  const isKept = (texts: readonly string[]) => texts.some((text) => text.includes('${DATA_DIR}'))
  const own = components.filter((one) => isKept([...Object.values(one.environment), ...one.arguments])).map(({ name }) => name)
  const overlay = isKept([...Object.values(document.variables), ...document.jvmArguments]) ? ['the configuration'] : []
  const found = [...own, ...overlay]
  return found.length === 0
    ? { rule, outcome: 'passed', reason: 'Nothing is kept in the data directory of a replica.' }
    : {
        rule,
        outcome: 'failed',
        reason: `${found.join(', ')}: what is in the data directory (DATA_DIR) ends with its replica; keep it in storage outside.`,
      }
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

const modeKey = /(?:^|_)(?:ENV|ENVIRONMENT)$|^SPRING_PROFILES_ACTIVE$/

/** S3.36: what asks in which mode it runs is told that this is production. */
function environment({ isProtected }: Judged, effective: ReadonlyMap<string, string>): ProductionRuleResult {
  const rule = 'environment'
  const told = [...effective].filter(([key]) => modeKey.test(key))
  if (!isProtected || told.length === 0)
    return { rule, outcome: 'not_applicable', reason: isProtected ? 'Nothing asks for a mode.' : 'The environment is not protected.' }
  const other = told.filter(([, value]) => !/(?:^|[,\s])prod(?:uction)?(?:$|[,\s])/i.test(value))
  return other.length === 0
    ? { rule, outcome: 'passed', reason: `${told.map(([key]) => key).join(', ')} says production.` }
    : { rule, outcome: 'failed', reason: `${other.map(([key, value]) => `${key} is ${value}`).join(', ')}, not production.` }
}

const streamKey = /(?:^|_)STREAMS?(?:_|$)/

/** S3.38: whoever publishes to or consumes streams knows genuine events by a key, which is a secret. */
function streams({ document }: Judged, effective: ReadonlyMap<string, string>): ProductionRuleResult {
  const rule = 'streams'
  const keys = [...effective.keys()].filter((key) => streamKey.test(key))
  if (keys.length === 0) return { rule, outcome: 'not_applicable', reason: 'Nothing here is about streams.' }
  const own = keys.find((key) => key.endsWith('STREAMS_HMAC_KEY'))
  if (own === undefined) return { rule, outcome: 'failed', reason: `${keys.join(', ')}: streams are used, and STREAMS_HMAC_KEY is not set.` }
  return document.connections[own]
    ? { rule, outcome: 'passed', reason: `${own} is a sealed secret.` }
    : { rule, outcome: 'failed', reason: `${own} stands in the open; make it a secret.` }
}

const leaderKey = /(?:^|_)LEADER_ELECTION(?:_ENABLED)?$/

/** S3.39: of what must be done by one alone, the replicas elect one. */
function leader({ document }: Judged, effective: ReadonlyMap<string, string>): ProductionRuleResult {
  const rule = 'leader'
  const told = [...effective].filter(([key]) => leaderKey.test(key))
  if (told.length === 0) return { rule, outcome: 'not_applicable', reason: 'Nothing here elects a leader.' }
  const off = told.filter(([, value]) => !isOn(value)).map(([key]) => key)
  if (off.length === 0) return { rule, outcome: 'passed', reason: `${told.map(([key]) => key).join(', ')} is on: one replica leads.` }
  return document.replicas < 2
    ? { rule, outcome: 'passed', reason: 'One replica alone leads.' }
    : { rule, outcome: 'failed', reason: `${off.join(', ')} is off with ${document.replicas} replicas: each of them would lead.` }
}

function isOn(value: string | undefined): boolean {
  return /^(?:true|1|yes|on)$/i.test(value ?? '')
}

/** Of a connection, that it is there; its value is nobody's here. */
function effectiveKeys({ document, components }: Judged): Map<string, string> {
  const { connections, flags, variables } = document
  return new Map([
    ...components.flatMap(({ environment: own }) => Object.entries(own)),
    ...Object.entries(variables),
    ...Object.entries(flags).map(([key, value]) => [key, String(value)] as const),
    ...Object.keys(connections).map((key) => [key, 'a secret'] as const),
  ])
}
