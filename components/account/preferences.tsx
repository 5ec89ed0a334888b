'use client'
import { useState, useSyncExternalStore, type ReactNode } from 'react'
import { themeChoices } from '#components/layout/account-menu'
import { areSingleKeysOn, setSingleKeys } from '#components/layout/use-keys'
import { chooseTheme, type Theme } from '#components/theme'
import { Checkbox } from '#components/ui/checkbox'
import { Select } from '#components/ui/select'

/** What this browser remembers; nothing of it is sent anywhere but the theme, so that pages come in it. */
export function Preferences({ theme: first }: { theme: Theme }): ReactNode {
  const [theme, setTheme] = useState(first)
  const stored = useSyncExternalStore(neverChanges, areSingleKeysOn, () => true)
  const [chosen, setChosen] = useState<boolean | null>(null)
  const choose = (next: Theme): void => {
    chooseTheme(next)
    setTheme(next)
  }
  const turn = (isOn: boolean): void => {
    setSingleKeys(isOn)
    setChosen(isOn)
  }
  return (
    <div className="grid max-w-90 gap-4">
      <Select label="Theme" value={theme} options={themeChoices} onChange={choose} />
      <Checkbox
        label="Keys without a modifier"
        hint="“/” searches, “g” then “b” goes to the board. ⌘K or Ctrl K works either way."
        checked={chosen ?? stored}
        onChange={(event) => turn(event.target.checked)}
      />
    </div>
  )
}

const neverChanges = () => () => {}
