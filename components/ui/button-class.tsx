import { clsx } from 'clsx'

export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'sm' | 'md'

const base =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-2 border font-[550] whitespace-nowrap transition-colors duration-(--quick) select-none aria-disabled:cursor-not-allowed'
const sizes: Record<ButtonSize, string> = { sm: 'h-7 px-2.5 text-sm', md: 'h-8 px-3 text-md' }
const tones: Record<ButtonTone, string> = {
  primary: 'border-accent bg-accent text-accent-ink not-aria-disabled:hover:bg-accent/88',
  secondary: 'border-line-strong bg-surface text-ink not-aria-disabled:hover:bg-sunken',
  quiet: 'border-transparent text-ink-2 not-aria-disabled:hover:bg-off-soft not-aria-disabled:hover:text-ink',
  danger: 'border-bad/45 bg-surface text-bad not-aria-disabled:hover:bg-bad-soft',
}
/** Off is grey with readable words, never a faded accent (WCAG 2.2, 1.4.3 exempts them, people do not). */
const off = 'border-line bg-off-soft text-ink-3'

/** The classes of a button, for whatever element it is. */
export function buttonClass(tone: ButtonTone = 'secondary', size: ButtonSize = 'md', isOff = false): string {
  return clsx(base, sizes[size], isOff ? off : tones[tone])
}
