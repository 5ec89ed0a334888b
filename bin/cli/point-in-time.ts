import { Refusal } from '#lib/platform/refusal'

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** ISO 8601 of what a person types: `2026-12-24T00:00:00Z`, or `90m`, `8h`, `3d` from now. */
export function pointInTime(text: string | undefined, now = Date.now()): string | undefined {
  if (text === undefined) return undefined
  const [, count, unit] = /^\+?(\d{1,6})([mhd])$/.exec(text) ?? []
  if (count !== undefined) return new Date(now + Number(count) * unitMs[unit as keyof typeof unitMs]).toISOString()
  const at = /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(text) ? new Date(text) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime())) {
    throw new Refusal('invalid_input', `“${text}” is no point in time.`, { fix: 'Write it as 2026-12-24T18:00:00Z, or as 90m, 8h or 3d from now.' })
  }
  return at.toISOString()
}
