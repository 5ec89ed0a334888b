'use client'
import type { ReactNode } from 'react'
import { Bar, BarChart, CartesianGrid, Cell, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { clockWords } from '#components/promotion/promotion-words'
import { exactWords } from '#components/ui/relative-time'
import type { RecoveryView } from '#lib/promotions/recovery'
import { isWithinTarget } from '#lib/promotions/recovery-target'

interface Bars {
  key: string
  name: string
  at: string
  minutes: number
  recoveryMs: number
  targetSeconds: number
}

const ink = { fontSize: 11, fill: 'var(--ink-3)' }

/** One bar for each verified recovery, oldest first, and the target that counts now. The table beside it says the same in numbers. */
export function RecoveryChart({ items }: { items: readonly RecoveryView[] }): ReactNode {
  const bars = items
    .toReversed()
    .flatMap(({ promotionId, release, environment, startedAt, recoveryMs, targetSeconds }): Bars[] =>
      recoveryMs === null
        ? []
        : [{ key: promotionId, name: `${environment} to ${release}`, at: startedAt, minutes: recoveryMs / 60_000, recoveryMs, targetSeconds }],
    )
  const target = (bars.at(-1)?.targetSeconds ?? 0) / 60
  const most = Math.max(...bars.map(({ minutes }) => minutes))
  // A target far above every bar would press them flat; then the numbers beside the chart tell it alone.
  const isTargetDrawn = target <= most * 4
  const ticks = ticksUpTo(isTargetDrawn ? Math.max(most, target) : most)
  return (
    <ResponsiveContainer width="100%" height={208}>
      <BarChart data={bars} margin={{ top: 12, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="key"
          tickFormatter={(key: string) => labelOf(bars, key)}
          tick={ink}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
        />
        <YAxis
          width={52}
          tick={ink}
          tickLine={false}
          axisLine={false}
          domain={[0, ticks.at(-1) ?? 1]}
          ticks={ticks}
          tickFormatter={(minutes: number) => clockWords(minutes * 60_000)}
        />
        <Tooltip cursor={{ fill: 'var(--off-soft)' }} content={<Told />} />
        {isTargetDrawn && (
          <ReferenceLine y={target} stroke="var(--wait)" strokeDasharray="4 3" label={{ value: 'target', position: 'insideTopRight', ...ink }} />
        )}
        <Bar dataKey="minutes" maxBarSize={28} radius={[3, 3, 0, 0]} isAnimationActive={false}>
          {bars.map(({ key, recoveryMs, targetSeconds }) => (
            <Cell key={key} fill={isWithinTarget(recoveryMs, targetSeconds) ? 'var(--ok)' : 'var(--bad)'} />
          ))}
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  )
}

/** Steps that a clock has, in minutes. */
const steps = [1 / 12, 1 / 6, 1 / 4, 1 / 2, 1, 2, 5, 10, 15, 30, 60, 120, 360, 1440]

/** From zero to just above the longest, in at most five even steps. */
export function ticksUpTo(minutes: number): number[] {
  const step = steps.find((one) => minutes / one < 5) ?? Math.ceil(minutes / 5)
  return Array.from({ length: Math.floor(minutes / step) + 2 }, (_, index) => index * step)
}

/** The day; the time, where all of them are of one day. */
function labelOf(bars: readonly Bars[], key: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
  const bar = bars.find((one) => one.key === key)
  if (!bar) return ''
  const isOneDay = new Set(bars.map(({ at }) => day.format(new Date(at)))).size === 1
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
  return (isOneDay ? time : day).format(new Date(bar.at))
}

function Told({ payload }: { payload?: readonly { payload?: Bars }[] }): ReactNode {
  const bar = payload?.[0]?.payload
  if (!bar) return null
  return (
    <div className="rounded-2 border bg-raised px-2.5 py-1.5 text-sm shadow-raised">
      <p className="font-[550]">{bar.name}</p>
      <p className="text-ink-2">
        {clockWords(bar.recoveryMs)} of {clockWords(bar.targetSeconds * 1000)}
      </p>
      <p className="text-ink-3">{exactWords(bar.at)}</p>
    </div>
  )
}
