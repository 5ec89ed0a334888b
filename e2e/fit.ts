// Whether a page is fit for everybody: what axe finds, and whether anything runs out of it sideways.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => {})
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
}

/** No violation of WCAG 2.2 AA that axe finds, and nothing wider than the screen. */
export async function expectFit(page: Page): Promise<void> {
  await settled(page)
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([])
  await expectReflow(page)
}

/** Nothing runs out of the page sideways (WCAG 1.4.10). */
export async function expectReflow(page: Page): Promise<void> {
  await settled(page)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow).toBeLessThanOrEqual(1)
}

/** What was changed is on the screen, and no colour is on its way from one theme to the other. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frames = 0; frames < 2; frames += 1) await new Promise((done) => requestAnimationFrame(done))
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  })
}

/** The state that a page shows now, in both themes. */
export async function expectFitInBothThemes(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await painted(page)
    await expectFit(page)
  }
}
