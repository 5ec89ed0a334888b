'use client'
import { Search } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { TextField } from '#components/ui/text-field'

/** Filters applications on the server, a moment after the last key. */
export function FilterField({ value, onChange }: { value: string; onChange: (value: string) => void }): ReactNode {
  const [words, setWords] = useState(value)
  const [known, setKnown] = useState(value)
  // The address changed by other means: back, a link.
  if (known !== value) {
    setKnown(value)
    setWords(value)
  }
  useEffect(() => {
    if (words === value) return undefined
    const timer = setTimeout(() => onChange(words), 250)
    return () => clearTimeout(timer)
  }, [words, value, onChange])
  return (
    <div className="relative w-full sm:w-56">
      <Search aria-hidden size={14} className="pointer-events-none absolute top-2.25 left-2.5 z-10 text-ink-3" />
      <TextField
        type="search"
        label="Filter applications"
        isLabelHidden
        placeholder="Filter applications"
        maxLength={100}
        className="pl-8"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
    </div>
  )
}
