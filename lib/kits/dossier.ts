import type { LogStatus } from '#lib/audit/finding'
import type { ProvenEntries } from '#lib/audit/entry'
import type { ChangeView, DeskException } from '#lib/kits/desk'
import type { PersonView } from '#lib/promotions/promotion'
import type { ReleaseView } from '#lib/releases/release'
import type { VerificationCheck } from '#lib/rollouts/verification'

/** Everything that was recorded about one release, on one page that prints. */
export interface DossierView {
  at: string
  by: PersonView
  tenant: { slug: string; name: string }
  release: ReleaseView
  /** In the order in which they happened, in every environment. */
  changes: DossierChange[]
  exceptions: DeskException[]
  /** Entries about the release and its promotions, with proofs under one head. */
  log: ProvenEntries
  /** How the log stood that this rests on. */
  status: Pick<LogStatus, 'sealed' | 'findings' | 'verification' | 'anchor'>
}

export interface DossierChange extends ChangeView {
  rollout: {
    phase: string
    failedPhase: string | null
    message: string
    startedAt: string | null
    appliedAt: string | null
    settledAt: string | null
    checks: VerificationCheck[]
  }
}
