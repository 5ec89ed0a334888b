import type { ComponentSpec, TaskProbe } from '#lib/tenants/component-spec'
import { taskDefaults } from '#lib/tenants/task-defaults'

/** A component spec as a form holds it: lists by line, numbers as typed. */
export interface SpecDraft {
  arguments: string
  environment: { key: string; value: string }[]
  containerPort: string
  kind: 'http' | 'tcp'
  path: string
  intervalMs: string
  timeoutMs: string
  startPeriodMs: string
  retries: string
  stopTimeoutMs: string
  memoryMiB: string
  requiredKeys: string
  stateLabel: string
  /** '': the release says nothing. */
  stateMigration: '' | 'none' | 'on_start'
  saysSecrets: boolean
  requiredSecrets: string
  upgradesFrom: string
  isPublic: boolean
  triesTask: boolean
  /** Also while there is none to try, so that what was typed comes back. */
  task: { path: string; body: string; startsWithinMs: string; endsWithinMs: string; ends: string; fails: string }
  /** What the form does not show, and must not lose. */
  kept: Pick<ComponentSpec, 'runs' | 'dependsOn'>
}

export function draftOf(spec: ComponentSpec): SpecDraft {
  const { readiness, runs, dependsOn } = spec
  return {
    arguments: spec.arguments.join('\n'),
    environment: Object.entries(spec.environment).map(([key, value]) => ({ key, value })),
    containerPort: String(spec.containerPort),
    kind: readiness.kind,
    path: readiness.kind === 'http' ? readiness.path : '/',
    intervalMs: String(readiness.intervalMs),
    timeoutMs: String(readiness.timeoutMs),
    startPeriodMs: String(readiness.startPeriodMs),
    retries: String(readiness.retries),
    stopTimeoutMs: String(spec.stopTimeoutMs),
    memoryMiB: String(spec.memoryMiB),
    requiredKeys: spec.requiredKeys.join('\n'),
    stateLabel: spec.stateLabel,
    stateMigration: spec.stateMigration ?? '',
    saysSecrets: spec.requiredSecrets !== undefined,
    requiredSecrets: (spec.requiredSecrets ?? []).join('\n'),
    upgradesFrom: (spec.upgradesFrom ?? []).join('\n'),
    isPublic: spec.exposure === 'public',
    triesTask: spec.task !== undefined,
    task: taskDraftOf(spec.task ?? { path: '/tasks', ...taskDefaults }),
    kept: { ...(runs ? { runs } : {}), ...(dependsOn ? { dependsOn } : {}) },
  }
}

/** What is sent; the server says what of it is wrong. */
export function specOf(draft: SpecDraft): ComponentSpec {
  const probe = {
    intervalMs: Number(draft.intervalMs),
    timeoutMs: Number(draft.timeoutMs),
    startPeriodMs: Number(draft.startPeriodMs),
    retries: Number(draft.retries),
  }
  const upgradesFrom = linesOf(draft.upgradesFrom)
  return {
    ...draft.kept,
    arguments: linesOf(draft.arguments),
    environment: Object.fromEntries(draft.environment.filter(({ key }) => key !== '').map(({ key, value }) => [key, value])),
    containerPort: Number(draft.containerPort),
    readiness: draft.kind === 'http' ? { kind: 'http', path: draft.path, ...probe } : { kind: 'tcp', ...probe },
    stopTimeoutMs: Number(draft.stopTimeoutMs),
    memoryMiB: Number(draft.memoryMiB),
    requiredKeys: linesOf(draft.requiredKeys),
    stateLabel: draft.stateLabel,
    ...(draft.stateMigration === '' ? {} : { stateMigration: draft.stateMigration }),
    ...(upgradesFrom.length === 0 ? {} : { upgradesFrom }),
    ...(draft.isPublic ? { exposure: 'public' } : {}),
    ...(draft.triesTask ? { task: taskOf(draft.task) } : {}),
    ...(draft.saysSecrets ? { requiredSecrets: linesOf(draft.requiredSecrets) } : {}),
  }
}

function taskDraftOf({ path, body, startsWithinMs, endsWithinMs, ends, fails }: TaskProbe): SpecDraft['task'] {
  return { path, body, startsWithinMs: String(startsWithinMs), endsWithinMs: String(endsWithinMs), ends: ends.join('\n'), fails: fails.join('\n') }
}

function taskOf(draft: SpecDraft['task']): TaskProbe {
  return {
    path: draft.path,
    body: draft.body,
    startsWithinMs: Number(draft.startsWithinMs),
    endsWithinMs: Number(draft.endsWithinMs),
    ends: linesOf(draft.ends),
    fails: linesOf(draft.fails),
  }
}

/** A variable that is named twice, of which only one would be sent. */
export function repeatedKey(draft: SpecDraft): string | undefined {
  const keys = draft.environment.map(({ key }) => key).filter((key) => key !== '')
  return keys.find((key, index) => keys.indexOf(key) !== index)
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}
