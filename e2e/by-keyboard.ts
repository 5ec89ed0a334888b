// Pages that are used by the keyboard alone: each tells of everything that came from a mouse, a finger or a pen.
import { expect, type Browser, type Locator, type Page } from '@playwright/test'
import { password } from './caisson.ts'

/** A page of a person of its own; what points on it is added to `pointed`. */
export async function openPage(browser: Browser, baseURL: string, pointed: string[]): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } })
  await context.exposeFunction('tellPointer', (what: string) => pointed.push(what))
  await context.addInitScript(() => {
    for (const kind of ['pointerdown', 'mousedown', 'touchstart', 'wheel']) {
      addEventListener(kind, () => (globalThis as unknown as { tellPointer: (what: string) => void }).tellPointer(kind), true)
    }
  })
  return context.newPage()
}

export async function type(page: Page, words: string): Promise<void> {
  await page.keyboard.type(words)
}

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Tab by Tab to a control, on or back, as somebody does who sees where the focus is; fails when it cannot be reached. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible()
  for (let presses = 0; presses < 80; presses += 1) {
    const way = await control.evaluate((element) => {
      const at = document.activeElement ?? document.body
      if (element === at) return 'there'
      return at !== document.body && element.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING ? 'back' : 'on'
    })
    if (way === 'there') return
    await page.keyboard.press(way === 'back' ? 'Shift+Tab' : 'Tab')
  }
  throw new Error(`80 times Tab do not lead to ${control.toString()}`)
}

/** A control that says why it may not be used is reached too, and then does nothing: it has to be one that may. */
export async function activate(page: Page, control: Locator): Promise<void> {
  await expect(control).not.toHaveAttribute('aria-disabled', 'true')
  await tabTo(page, control)
  await press(page, 'Enter')
}

export async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/')
  await expect(page.getByLabel('Email')).toBeFocused()
  await type(page, email)
  await press(page, 'Tab')
  await type(page, password)
  await press(page, 'Enter')
  await expect(page).toHaveURL(/\/t\/main/)
}

export async function seeCompleted(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/promotions\//)
  await expect(page.getByText('completed', { exact: true }).first()).toBeVisible({ timeout: 120_000 })
}

/** What a page says of a kind, from now on until it is asked; sorted, and each once. */
export async function collect(page: Page, pattern: RegExp): Promise<() => Promise<string[]>> {
  await page.evaluate(
    ({ source, flags }) => {
      const said = new Set<string>()
      const look = (): void => {
        for (const [words] of (document.body.textContent ?? '').matchAll(new RegExp(source, flags))) said.add(words)
      }
      look()
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
      Object.assign(globalThis, { said })
    },
    { source: pattern.source, flags: pattern.flags },
  )
  return () => page.evaluate(() => [...(globalThis as unknown as { said: Set<string> }).said].toSorted())
}
