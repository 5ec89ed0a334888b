import type { ReactNode } from 'react'

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Bytes in the unit of a thousand that reads best: `812 B`, `14.2 MB`. */
export function byteWords(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** A size; the exact number of bytes on hover. */
export function Bytes({ count }: { count: number }): ReactNode {
  return (
    <span title={`${count.toLocaleString('en')} bytes`} className="whitespace-nowrap tabular-nums">
      {byteWords(count)}
    </span>
  )
}
