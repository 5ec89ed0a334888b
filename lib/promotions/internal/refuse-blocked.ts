import { Refusal } from '#lib/platform/refusal'
import { blocks, sortGates, waits, type GateResult } from '#lib/promotions/gates'

/**
 * A request whose gates failed, or miss what they need, is refused and leaves nothing; one that only waits (for approvals, for an
 * observation under way) is taken. `frozen` when a freeze alone stands in the way, `held` when
 * a hold alone does, else `gates_blocked`; both name every gate.
 */
export function refuseBlocked(subject: string, gates: readonly GateResult[]): void {
  const hard = sortGates(gates).filter((gate) => blocks(gate) && !waits(gate))
  const [first] = hard
  if (!first) return
  const only = (name: string): boolean => hard.every(({ gate }) => gate === name)
  const code = only('freeze') ? 'frozen' : only('hold') ? 'held' : 'gates_blocked'
  const words = hard.length === 1 ? first.reason : `${subject}: ${hard.length} gates block. ${hard.map(({ reason }) => reason).join(' ')}`
  throw new Refusal(code, words, { ...(first.fix ? { fix: first.fix.words } : {}), details: { gates: sortGates(gates) } })
}
