'use client'
import type { ReactNode } from 'react'
import { ForActors, useIsReader } from '#components/layout/reader'
import { buttonWords } from '#components/sheet/sheet-words'
import type { SheetRequest } from '#components/sheet/use-request'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import type { SheetView } from '#lib/promotions/sheet'

/** The line that asks for the same, and the one button, whose label carries the facts. `at` is when they were true. */
export function SheetFoot({ sheet, at, request, onClose }: { sheet: SheetView; at: number; request: SheetRequest; onClose: () => void }): ReactNode {
  const isReader = useIsReader()
  return (
    <>
      <CopyLine line={sheet.cliLine} className="mr-auto max-sm:w-full max-sm:justify-between" />
      <Button onClick={onClose} className={isReader ? undefined : 'max-sm:hidden'}>
        {isReader ? 'Close' : 'Cancel'}
      </Button>
      <ForActors>
        <Button
          tone={sheet.kind === 'stop' ? 'danger' : 'primary'}
          busy={request.isBusy}
          disabledReason={request.offReason}
          onClick={request.send}
          className="max-sm:h-auto max-sm:min-h-8 max-sm:w-full max-sm:py-1 max-sm:whitespace-normal"
        >
          {buttonWords(sheet, at)}
        </Button>
      </ForActors>
    </>
  )
}
