'use client'
import { createContext, use, type ReactNode } from 'react'
import { readingVerbs, verbsOf } from '#lib/access/permissions'

/** Whether these roles let nobody change anything: an auditor, a viewer. */
export function areReaders(roles: readonly string[]): boolean {
  return verbsOf(roles).every((verb) => readingVerbs.includes(verb))
}

/** Whether the one who looks only reads in this tenant; the shell knows. */
export const ReaderContext = createContext(false)

export function useIsReader(): boolean {
  return use(ReaderContext)
}

/** Acts, which are absent for those who only ever read; for everybody else a control that may not be used says why. */
export function ForActors({ children }: { children: ReactNode }): ReactNode {
  return useIsReader() ? null : children
}
