import { describe, expect, it } from 'vitest'
import { isDue, newestSlot, nextSlot, toLetGo } from '#lib/operations/schedule'

const at = (text: string) => new Date(`2026-11-${text}Z`)
const daily = { dailyAt: '03:00', keep: 2 }
const backup = (state: string, when: string, path = `/backups/${when}`) => ({ state, requestedAt: at(when), path })

describe('the daily backup', () => {
  it('is due once after each time of day, also for one that passed while nothing ran', () => {
    expect(newestSlot(daily, at('25T03:00:00'))).toEqual(at('25T03:00:00'))
    expect(newestSlot(daily, at('25T02:59:59'))).toEqual(at('24T03:00:00'))
    expect(nextSlot(daily, at('25T14:00:00'))).toEqual(at('26T03:00:00'))
    expect(isDue(daily, at('25T14:00:00'), [])).toBe(true)
    expect(isDue(daily, at('25T14:00:00'), [backup('completed', '24T03:00:05')])).toBe(true)
    for (const state of ['requested', 'running', 'completed', 'incomplete']) {
      expect(isDue(daily, at('25T14:00:00'), [backup(state, '25T03:00:05')])).toBe(false)
    }
  })

  it('is tried again an hour after it failed, three times for one day', () => {
    const failed = ['25T03:00:05', '25T04:00:06', '25T05:00:07'].map((when) => backup('failed', when))
    expect(isDue(daily, at('25T03:59:00'), failed.slice(0, 1))).toBe(false)
    expect(isDue(daily, at('25T04:00:06'), failed.slice(0, 1))).toBe(true)
    expect(isDue(daily, at('25T05:00:00'), failed.slice(0, 2))).toBe(false)
    expect(isDue(daily, at('25T05:00:07'), failed.slice(0, 2))).toBe(true)
    expect(isDue(daily, at('25T23:00:00'), failed)).toBe(false)
    expect(isDue(daily, at('26T03:00:00'), failed)).toBe(true)
  })

  it('lets go of what is older than the newest that are whole, and of nothing while there are too few', () => {
    const all = [
      backup('failed', '25T03:00:00', ''),
      backup('completed', '24T03:00:00'),
      backup('incomplete', '23T03:00:00'),
      backup('completed', '22T03:00:00'),
      backup('incomplete', '21T03:00:00'),
      backup('completed', '20T03:00:00'),
      backup('completed', '19T03:00:00', ''),
    ]
    expect(toLetGo(2, all).map(({ path }) => path)).toEqual(['/backups/21T03:00:00', '/backups/20T03:00:00'])
    expect(toLetGo(3, all)).toEqual([])
    expect(toLetGo(9, all)).toEqual([])
  })
})
