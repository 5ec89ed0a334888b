import { blocks, waits, type GateResult } from '#lib/promotions/gates'
import { statusIcons, type StatusTone } from '#components/ui/status'
import type { LucideIcon } from 'lucide-react'

const names: Record<string, string> = { config: 'Configuration' }

/** "Source health" of `source-health`. */
export function gateName(gate: string): string {
  const words = names[gate] ?? gate.replace(':', ': ').replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** How a result shows: what blocks is bad, what is awaited waits, what only warns is neither. */
export function gateLook(result: GateResult): { tone: StatusTone; word: string; icon?: LucideIcon } {
  if (waits(result)) return { tone: 'wait', word: 'waits' }
  if (blocks(result)) return { tone: 'bad', word: result.outcome === 'missing' ? 'missing' : 'blocks' }
  switch (result.outcome) {
    case 'passed':
      return { tone: 'ok', word: 'passed' }
    case 'waived':
      return { tone: 'waived', word: 'waived' }
    case 'not_applicable':
      return { tone: 'off', word: 'not applicable' }
    default:
      return { tone: 'wait', word: `warns: ${result.outcome}`, icon: statusIcons.clock }
  }
}

/** "2 block, 1 waits", or that nothing does. */
export function gateSummary(gates: readonly GateResult[]): string {
  const waiting = gates.filter(waits).length
  const blocking = gates.filter(blocks).length - waiting
  const words = [
    blocking > 0 ? `${blocking} ${blocking === 1 ? 'blocks' : 'block'}` : '',
    waiting > 0 ? `${waiting} ${waiting === 1 ? 'waits' : 'wait'}` : '',
  ]
  return words.filter(Boolean).join(', ') || 'Nothing blocks'
}
