'use client'
import { Check, Copy } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { IconButton } from '#components/ui/icon-button'

/** Copies `text`; says so for two seconds, also to a screen reader. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }): ReactNode {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (state === 'idle') return undefined
    const timer = setTimeout(() => setState('idle'), 2000)
    return () => clearTimeout(timer)
  }, [state])
  const words = state === 'copied' ? 'Copied' : state === 'refused' ? 'The browser does not allow copying here' : label
  return (
    <>
      <IconButton
        icon={state === 'copied' ? Check : Copy}
        iconSize={13}
        label={words}
        className="size-6 print:hidden"
        onClick={() => void copy(text).then((isCopied) => setState(isCopied ? 'copied' : 'refused'))}
      />
      <span role="status" className="sr-only">
        {state === 'idle' ? '' : words}
      </span>
    </>
  )
}

/** The clipboard is there only on https and localhost (Clipboard API §7); elsewhere a selection does it. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.style.position = 'fixed'
    area.style.opacity = '0'
    document.body.append(area)
    area.select()
    const isCopied = document.execCommand('copy')
    area.remove()
    return isCopied
  }
}
