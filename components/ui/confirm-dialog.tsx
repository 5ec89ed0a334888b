'use client'
import { useState, type ReactNode } from 'react'
import type { Problem } from '#components/api'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'

interface ConfirmDialogProps {
  isOpen: boolean
  onClose: () => void
  onConfirm: () => void
  title: string
  /** What will happen, and what will not. */
  children?: ReactNode
  /** The act, named: "Reset dev", never "OK". */
  confirmLabel: string
  tone?: 'danger' | 'primary'
  /** Must be typed first: the slug of what is destroyed. */
  typed?: string
  busy?: boolean
  problem?: Problem | null
  disabledReason?: string | undefined
}

/** Asks before an act that cannot be undone. The caller closes it when the act is done. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { isOpen, onClose, onConfirm, title, children, confirmLabel, tone = 'danger', typed, busy = false, problem, disabledReason } = props
  const [words, setWords] = useState('')
  const missing = typed !== undefined && words !== typed ? `Type ${typed} first.` : undefined
  const close = (): void => {
    setWords('')
    onClose()
  }
  const foot = (
    <>
      <Button onClick={close}>Cancel</Button>
      <Button tone={tone} busy={busy} disabledReason={disabledReason ?? missing} onClick={onConfirm}>
        {confirmLabel}
      </Button>
    </>
  )
  return (
    <Dialog isOpen={isOpen} onClose={close} title={title} size="sm" foot={foot}>
      <div className="grid gap-3 text-ink-2">
        {children}
        {typed !== undefined && (
          <TextField
            label={
              <>
                Type <code className="font-mono text-ink">{typed}</code> to go on
              </>
            }
            isMono
            autoComplete="off"
            spellCheck={false}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
        {problem && <ProblemNotice problem={problem} />}
      </div>
    </Dialog>
  )
}
