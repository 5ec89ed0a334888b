import { apiSend, problemOf } from '#components/api'
import type { Subject } from '#components/evidence/checklist-words'
import { tenantPath } from '#components/live'
import type { ChecklistView } from '#lib/evidence/checklist-view'

export interface EvidenceDraft {
  control: string
  part: string
  outcome: 'pass' | 'fail' | 'skipped'
  summary: string
  text: string
  form: '' | 'monitors' | 'equivalent'
  /** ISO; null: now, or not given. */
  observedAt: string | null
  testFiredAt: string | null
}

/** Sends a statement in words, or a file as the body itself. */
export async function sendEvidence(tenant: string, subject: Subject, draft: EvidenceDraft, file: File | null): Promise<ChecklistView> {
  const { control, part, outcome, summary, text } = draft
  const said = {
    control,
    part,
    outcome,
    summary,
    ...(draft.form === '' ? {} : { form: draft.form }),
    ...(draft.observedAt === null ? {} : { observedAt: draft.observedAt }),
    ...(draft.testFiredAt === null ? {} : { testFiredAt: draft.testFiredAt }),
  }
  const path = tenantPath(tenant, 'checklists', subject.application, subject.environment, subject.release)
  if (!file) return apiSend<ChecklistView>('POST', `${path}/statements`, { ...said, text })
  const mediaType = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(file.type) ? { mediaType: file.type } : {}
  const query = new URLSearchParams({ ...said, fileName: file.name, ...mediaType })
  const response = await fetch(`/api/v1${path}/files?${query.toString()}`, {
    method: 'POST',
    body: file,
    headers: { 'content-type': 'application/octet-stream' },
  })
  if (!response.ok) throw await problemOf(response)
  return (await response.json()) as ChecklistView
}
