'use client'
import { useQueryState } from 'nuqs'

/**
 * Whether the dialog of an act is open. It stands in the address, `?do=create`, so that the palette can lead to it; it never opens where
 * the act may not be done.
 */
export function useAct(act: string, mayNot: string | undefined): [boolean, (isOpen: boolean) => void] {
  const [asked, setAsked] = useQueryState('do')
  return [asked === act && mayNot === undefined, (isOpen) => void setAsked(isOpen ? act : null)]
}
