'use client'
import { useEffect, useRef } from 'react'

const storageKey = 'caisson-single-keys'
/** How long after `g` the second key still counts. */
const sequenceMs = 1200

/** Whether keys without a modifier do something (WCAG 2.2, 2.1.4: one must be able to turn them off). */
export function areSingleKeysOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

export function setSingleKeys(isOn: boolean): void {
  localStorage.setItem(storageKey, isOn ? 'on' : 'off')
}

/**
 * Runs `actions[key]` for a key or a sequence of two (`g b`), never while somebody types, in a dialog or a menu, or when the
 * keys are turned off. Names are those of KeyboardEvent.key: `p`, `/`, `ArrowDown`.
 */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    let first = ''
    let firstAt = 0
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (isTyping(event.target) || !areSingleKeysOn()) return
      const isSequence = first !== '' && event.timeStamp - firstAt < sequenceMs
      const action = (isSequence ? latest.current[`${first} ${event.key}`] : undefined) ?? latest.current[event.key]
      first = event.key
      firstAt = event.timeStamp
      if (!action) return
      event.preventDefault()
      first = ''
      action()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]') !== null
  )
}
