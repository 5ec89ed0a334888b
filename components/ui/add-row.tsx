'use client'
import { Plus } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { Button } from '#components/ui/button'

/** Adds a row (`data-row`) to the fieldset that it stands in, and goes on in the row's first field: who adds one wants to type. */
export function AddRow({ onAdd, children }: { onAdd: () => void; children: ReactNode }): ReactNode {
  const add = (event: MouseEvent<HTMLButtonElement>): void => {
    const list = event.currentTarget.closest('fieldset')
    flushSync(onAdd)
    const rows = list?.querySelectorAll('[data-row]')
    rows?.[rows.length - 1]?.querySelector('input')?.focus()
  }
  return (
    <div>
      <Button size="sm" icon={Plus} onClick={add}>
        {children}
      </Button>
    </div>
  )
}
