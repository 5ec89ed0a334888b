import type { LogStatus } from '#lib/audit/finding'
import type { ProvenEntries } from '#lib/audit/entry'
import type { ChecklistView, EarlierSignOff, ItemView } from '#lib/evidence/checklist-view'
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
  /** Oldest first. */
  stays: Stay[]
  /** In the order in which they happened, in every environment. */
  changes: DossierChange[]
  /** In each environment where it was rolled out, or where something is known about it; as they stand at `at`. */
  checklists: DossierChecklist[]
  exceptions: DeskException[]
  /** Entries about the release, its promotions, evidence and sign-offs, with proofs under one head. */
  log: ProvenEntries
  /** How the log stood that this rests on. */
  status: Pick<LogStatus, 'sealed' | 'findings' | 'verification' | 'anchor'>
}

/** A time for which the release was what ran in an environment. */
export interface Stay {
  environment: { slug: string; name: string }
  since: string
  /** null: nothing took its place since. */
  until: string | null
}

export type DossierItem = Omit<ItemView, 'attach' | 'parts'>

/** The seven items and the seven checks of the release in one environment, and who signed for them. */
export interface DossierChecklist extends Pick<
  ChecklistView,
  'environment' | 'isRunning' | 'content' | 'digest' | 'isComplete' | 'settled' | 'signOff' | 'approval' | 'risks' | 'key'
> {
  items: DossierItem[]
  earlierSignOffs: EarlierSignOff[]
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
