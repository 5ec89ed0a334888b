'use client'
import { useId, type ReactNode, type SyntheticEvent } from 'react'
import type { Problem } from '#components/api'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { PasswordAgain } from '#components/ui/password-again'
import { ProblemNotice } from '#components/ui/problem-notice'

/** A change as `useChange` gives it. */
interface Change<Input, Answer> {
  mutate: (input: Input, options?: { onSuccess?: (answer: Answer) => void }) => void
  reset: () => void
  isPending: boolean
  error: Problem | null
  data: Answer | undefined
}

export interface ActDialogProps<Input, Answer> {
  /** What is sent, and how that went. */
  change: Change<Input, Answer>
  /** What the form says now. */
  input: Input
  /** Leaves without the act; also follows it, where `onDone` does not say otherwise. */
  onClose: () => void
  onDone?: ((answer: Answer) => void) | undefined
  title: ReactNode
  description?: ReactNode
  size?: 'sm' | 'md' | 'lg' | undefined
  /** The act, named: "Reset dev", never "OK". */
  act: ReactNode
  tone?: 'primary' | 'danger' | undefined
  /** What it is called to leave everything as it is. */
  stay?: string
  /** Why it cannot be sent yet, the first of what is given; undefined, false and '' are no reason. */
  missing?: string | false | undefined | readonly (string | false | undefined)[]
  /** The title of a refusal: "The freeze was not set". Left out, the refusal speaks alone. */
  failed?: string | undefined
  /** Beside a refusal: another way on. */
  remedy?: ReactNode
  /** An approval or a signature: Enter alone never gives it. */
  isSigned?: boolean
  /** Shown of the answer before the dialog is left: what is shown once. */
  result?: (answer: Answer) => ReactNode
  children?: ReactNode
}

/**
 * A dialog around one change: its form, the button that sends it or says why it cannot, and the refusal where it arose. When the server
 * wants a more recent sign-in, the password is asked for here and the same thing is sent again.
 */
export function ActDialog<Input, Answer>(props: ActDialogProps<Input, Answer>): ReactNode {
  const { change, input, onClose, onDone, title, description, size = 'md', act, tone = 'primary', stay = 'Cancel', isSigned = false } = props
  const form = useId()
  const answer = change.data
  const done = props.result && answer !== undefined ? props.result(answer) || undefined : undefined
  const asksPassword = change.error?.code === 'reauthentication_required'
  const reason = [props.missing].flat().find(Boolean) || (asksPassword && 'Type your password first.') || undefined
  // What was refused here is no news for whoever opens the dialog for something else.
  const leave = (): void => {
    if (change.error) change.reset()
    onClose()
  }
  const follow = onDone ?? (props.result ? () => {} : onClose)
  const send = (): void => change.mutate(input, { onSuccess: follow })
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (!isSigned && reason === undefined && !change.isPending) send()
  }
  const press = isSigned ? { onClick: send } : { type: 'submit' as const, form }
  const foot = done ? (
    <Button tone="primary" onClick={onClose}>
      Done
    </Button>
  ) : (
    <>
      <Button onClick={leave}>{stay}</Button>
      <Button tone={tone} busy={change.isPending} disabledReason={reason} {...press}>
        {act}
      </Button>
    </>
  )
  return (
    <Dialog isOpen onClose={leave} title={title} description={description} size={size} foot={foot} isKept={done !== undefined}>
      {done ?? (
        <div className="grid gap-4">
          <form id={form} onSubmit={submit} className="grid gap-4" noValidate autoComplete="off">
            {props.children}
          </form>
          {asksPassword && change.error && <PasswordAgain why={change.error.detail} onDone={send} />}
          {!asksPassword && change.error && (
            <div ref={bringIntoView}>
              <ProblemNotice problem={change.error} title={props.failed} action={props.remedy} />
            </div>
          )}
        </div>
      )}
    </Dialog>
  )
}

// Nobody presses a button below a long form and sees nothing. One function for all renders, so that it runs once and not at every key.
function bringIntoView(element: HTMLDivElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
