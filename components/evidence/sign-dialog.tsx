'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { useDeferredValue, useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import type { Subject } from '#components/evidence/checklist-words'
import { ExactText } from '#components/evidence/exact-text'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Digest } from '#components/ui/digest'
import { Loaded } from '#components/ui/loaded'
import { Textarea } from '#components/ui/textarea'
import type { ChecklistView, SignOffTextView } from '#lib/evidence/checklist-view'
import { usualMeaning } from '#lib/evidence/sign-off-proof'

interface SignDialogProps {
  tenant: string
  subject: Subject
  onClose: () => void
}

/** The owner reads the exact text, says what the signature means, and signs that text and no other. */
export function SignDialog({ tenant, subject, onClose }: SignDialogProps): ReactNode {
  const [draft, setDraft] = useState({ meaning: usualMeaning, comment: '' })
  const meant = { meaning: draft.meaning.trim() || usualMeaning, comment: draft.comment.trim() }
  const words = useDeferredValue(meant)
  const path = tenantPath(tenant, 'checklists', subject.application, subject.environment, subject.release)
  const text = useApi<SignOffTextView>(
    tenantKey(tenant, 'release', 'sign-off-text', subject.application, subject.environment, subject.release, words.meaning, words.comment),
    `${path}/sign-off-text`,
    { query: words, isKept: true },
  )
  const sign = useChange(
    (body: object) => apiSend<ChecklistView>('POST', `${path}/sign-offs`, body),
    [tenantKey(tenant, 'release'), tenantKey(tenant, 'board')],
  )
  const field = fieldsOf(draft, setDraft, sign.error)
  const isStale = words.meaning !== meant.meaning || words.comment !== meant.comment || text.isPlaceholderData
  return (
    <ActDialog
      change={sign}
      input={{ ...words, preparedAt: text.data?.preparedAt, statementDigest: text.data?.digest }}
      onClose={onClose}
      size="lg"
      title={`Sign ${subject.application} ${subject.release} in ${subject.environment}`}
      description="You sign the text below, byte for byte. Any later change of the checklist makes the signature invalid, visibly."
      act="Sign this text"
      stay="Not now"
      missing={[
        draft.meaning.trim() === '' && 'Say what the signature means.',
        (!text.data || isStale) && 'The text is being made.',
        text.data && !text.data.sign.allowed && text.data.sign.reason,
      ]}
      failed="It was not signed"
      remedy={
        <Button
          size="sm"
          onClick={() => {
            sign.reset()
            void text.refetch()
          }}
        >
          Read the text as it is now
        </Button>
      }
      isSigned
    >
      <Textarea label="What your signature says" rows={2} maxLength={500} {...field('meaning')} />
      <Textarea label="Comment" rows={2} maxLength={2000} {...field('comment')} />
      <Loaded query={text} label="Making the text" rows={3}>
        {({ text: exact, digest }) => (
          <div className="grid gap-1">
            <p className="flex flex-wrap items-baseline justify-between gap-2 text-sm font-[550] text-ink-2">
              The exact text that you sign <Digest digest={digest} isMarked={false} isCopied />
            </p>
            <ExactText label="The exact text that you sign">{exact}</ExactText>
          </div>
        )}
      </Loaded>
    </ActDialog>
  )
}
