'use client'
import { useDeferredValue, useState, type ReactNode } from 'react'
import { PasswordForm } from '#components/approvals/password-form'
import { apiSend } from '#components/api'
import type { Subject } from '#components/evidence/checklist-words'
import { ExactText } from '#components/evidence/exact-text'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { Digest } from '#components/ui/digest'
import { Loaded } from '#components/ui/loaded'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
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
  const [meaning, setMeaning] = useState(usualMeaning)
  const [comment, setComment] = useState('')
  const words = useDeferredValue({ meaning: meaning.trim() || usualMeaning, comment: comment.trim() })
  const path = tenantPath(tenant, 'checklists', subject.application, subject.environment, subject.release)
  const text = useApi<SignOffTextView>(
    tenantKey(tenant, 'release', 'sign-off-text', subject.application, subject.environment, subject.release, words.meaning, words.comment),
    `${path}/sign-off-text`,
    { query: words, isKept: true },
  )
  const sign = useChange(
    ({ preparedAt, digest }: SignOffTextView) =>
      apiSend<ChecklistView>('POST', `${path}/sign-offs`, { ...words, preparedAt, statementDigest: digest }),
    [tenantKey(tenant, 'release'), tenantKey(tenant, 'board')],
  )
  const asksPassword = sign.error?.code === 'reauthentication_required'
  const send = (): void => {
    if (text.data) sign.mutate(text.data, { onSuccess: onClose })
  }
  const isStale = words.meaning !== (meaning.trim() || usualMeaning) || words.comment !== comment.trim() || text.isPlaceholderData
  const missing = [
    meaning.trim() === '' && 'Say what the signature means.',
    (!text.data || isStale) && 'The text is being made.',
    text.data && !text.data.sign.allowed && text.data.sign.reason,
    asksPassword && 'Type your password first.',
  ].find((reason) => typeof reason === 'string')
  const foot = (
    <>
      <Button onClick={onClose}>Not now</Button>
      <Button tone="primary" busy={sign.isPending} disabledReason={missing} onClick={send}>
        Sign this text
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title={`Sign ${subject.application} ${subject.release} in ${subject.environment}`}
      description="You sign the text below, byte for byte. Any later change of the checklist makes the signature invalid, visibly."
      foot={foot}
    >
      <div className="grid gap-4">
        <TextField
          label="What your signature says"
          value={meaning}
          maxLength={500}
          error={sign.error?.field('meaning')}
          onChange={(event) => setMeaning(event.target.value)}
        />
        <Textarea label="Comment" rows={2} maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} />
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
        {asksPassword && sign.error && <PasswordForm why={sign.error.detail} onDone={send} />}
        {sign.error && !asksPassword && (
          <ProblemNotice
            problem={sign.error}
            title="It was not signed"
            action={
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
          />
        )}
      </div>
    </Dialog>
  )
}
