import type { ReactNode } from 'react'

/** A text byte for byte, in a box that scrolls and that a keyboard reaches. */
export function ExactText({ label, children }: { label: string; children: string }): ReactNode {
  return (
    <textarea
      readOnly
      aria-label={label}
      rows={9}
      spellCheck={false}
      className="w-full resize-y rounded-2 border bg-sunken p-3 font-mono text-sm break-all"
      value={children}
    />
  )
}
