import { ShieldAlert, TriangleAlert, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Status, type StatusTone } from '#components/ui/status'
import type { DeskException, Severity } from '#lib/kits/desk'

const looks: Record<Severity, { tone: StatusTone; icon?: LucideIcon }> = {
  breach: { tone: 'bad', icon: ShieldAlert },
  exception: { tone: 'wait', icon: TriangleAlert },
  notice: { tone: 'off' },
}

const names: Record<DeskException['code'], string> = {
  log_tampered: 'log tampered',
  log_unsealed: 'log not sealed',
  log_not_verified: 'log not verified',
  own_approval: 'own approval',
  approval_of_another_plan: 'other plan approved',
  quorum_missed: 'too few approvals',
  waived_gate: 'gate waived',
  break_glass: 'glass broken',
  rollback_in_freeze: 'rollback in a freeze',
  no_approval: 'no approval',
  two_duties: 'two duties',
  few_approvers: 'few approvers',
  failed_verification: 'verification failed',
  not_completed: 'not completed',
  warned_gate: 'past a warning',
  denied: 'refused',
}

/** What kind of exception it is: icon, word, colour by gravity. */
export function ExceptionMark({
  exception: { code, severity, words },
}: {
  exception: Pick<DeskException, 'code' | 'severity' | 'words'>
}): ReactNode {
  const { tone, icon } = looks[severity]
  return (
    <Status tone={tone} icon={icon} title={words}>
      {names[code]}
    </Status>
  )
}
