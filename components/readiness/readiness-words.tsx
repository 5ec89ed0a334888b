import { CircleCheckBig, CircleStop, HelpCircle, Hourglass, type LucideIcon } from 'lucide-react'
import type { StatusTone } from '#components/ui/status'
import type { ComponentReadiness, ComponentState } from '#lib/readiness/component-readiness'
import type { DeploymentView } from '#lib/readiness/deployment'
import { reasonWords } from '#lib/readiness/reasons'

/** How a component looks: word, colour and sign. */
export const componentLooks: Record<ComponentState, { tone: StatusTone; words: string; icon?: LucideIcon }> = {
  ready: { tone: 'ok', words: 'healthy' },
  degraded: { tone: 'bad', words: 'degraded' },
  not_ready: { tone: 'bad', words: 'not ready' },
  starting: { tone: 'run', words: 'starting' },
  waiting: { tone: 'wait', words: 'waiting', icon: Hourglass },
  completed: { tone: 'ok', words: 'completed (0)', icon: CircleCheckBig },
  stopped: { tone: 'off', words: 'stopped', icon: CircleStop },
  unknown: { tone: 'wait', words: 'unknown', icon: HelpCircle },
}

/** Why a component is in its state, as a sentence; '' when there is nothing to say. */
export function whySentence({ reason, waitsFor }: Pick<ComponentReadiness, 'reason' | 'waitsFor'>): string {
  if (waitsFor.length > 0)
    return `Waiting for ${waitsFor.map(({ component, condition }) => `${component} (${conditionWords[condition]})`).join(' and ')}.`
  return reason === '' ? '' : sentence(reasonWords(reason))
}

export const conditionWords = { started: 'to be started', healthy: 'to be healthy', completed: 'to have done its work' } as const

export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

/** Whether somebody should look at it: it is not as promised, nobody knows, or its last deploy failed. */
export function needsAttention({ state, isMixed, failedDeploy }: Pick<DeploymentView, 'state' | 'isMixed' | 'failedDeploy'>): boolean {
  return (state !== 'ready' && state !== 'stopped') || isMixed || failedDeploy !== null
}
