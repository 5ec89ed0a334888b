import { expect, it } from 'vitest'
import { ticksUpTo } from '#components/rollback/recovery-chart'

it('the clock of the chart goes in even steps that a clock has, to just above the longest', () => {
  expect(ticksUpTo(22 / 60).map((minutes) => Math.round(minutes * 60))).toEqual([0, 5, 10, 15, 20, 25])
  expect(ticksUpTo(15)).toEqual([0, 5, 10, 15, 20])
  expect(ticksUpTo(47)).toEqual([0, 10, 20, 30, 40, 50])
  for (const minutes of [0.02, 0.4, 3, 29, 75, 1000, 9000]) {
    const ticks = ticksUpTo(minutes)
    expect(ticks.at(-1)).toBeGreaterThan(minutes)
    expect(ticks.length).toBeLessThanOrEqual(7)
  }
})
