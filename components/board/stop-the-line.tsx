'use client'
import { OctagonPause } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'
import { Button } from '#components/ui/button'

// Its code comes when it is opened.
const FreezeDialog = dynamic(async () => (await import('#components/freezes/freeze-dialog')).FreezeDialog, { ssr: false })

/** Closes promotion at once, for an incident, until it is lifted. Rollbacks pass. */
export function StopTheLine({ tenant, disabledReason }: { tenant: string; disabledReason: string | undefined }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button icon={OctagonPause} disabledReason={disabledReason} onClick={() => setOpen(true)}>
        Stop the line
      </Button>
      {isOpen && <FreezeDialog tenant={tenant} kind="stop_the_line" onClose={() => setOpen(false)} />}
    </>
  )
}
