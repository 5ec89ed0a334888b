'use client'
import { useMemo, type ReactNode } from 'react'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import type { Weekly } from '#lib/promotions/weekly'
import { weekdays, type Weekday } from '#lib/promotions/weekly-words'

interface WeeklyFieldsProps {
  weekly: Weekly
  onChange: (weekly: Weekly) => void
  error?: string | undefined
}

const dayNames: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}
const days = weekdays.map((value) => ({ value, label: dayNames[value] }))

/** What most want first: from Friday afternoon to Monday morning, where the reader is. */
export function weekendIn(timeZone: string): Weekly {
  return { timeZone: timeZone || 'UTC', closes: { day: 'fri', time: '16:00' }, opens: { day: 'mon', time: '08:00' } }
}

/** The times of a week that close, by the clock on the wall of a time zone. */
export function WeeklyFields({ weekly, onChange, error }: WeeklyFieldsProps): ReactNode {
  const zones = useMemo(() => [...new Set([weekly.timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])], [weekly.timeZone])
  return (
    <fieldset className="grid gap-3 rounded-2 border p-3">
      <legend className="px-1 text-sm font-[550]">Each week</legend>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        <Select
          label="Closes on"
          value={weekly.closes.day}
          options={days}
          onChange={(day) => onChange({ ...weekly, closes: { ...weekly.closes, day } })}
        />
        <TextField
          label="Closes at"
          type="time"
          value={weekly.closes.time}
          onChange={(event) => onChange({ ...weekly, closes: { ...weekly.closes, time: event.target.value } })}
        />
        <Select
          label="Opens on"
          value={weekly.opens.day}
          options={days}
          onChange={(day) => onChange({ ...weekly, opens: { ...weekly.opens, day } })}
        />
        <TextField
          label="Opens at"
          type="time"
          value={weekly.opens.time}
          onChange={(event) => onChange({ ...weekly, opens: { ...weekly.opens, time: event.target.value } })}
        />
      </div>
      <Select
        label="Time zone"
        hint="The clock on the wall there counts, in summer and in winter."
        value={weekly.timeZone}
        options={zones.map((value) => ({ value, label: value.replaceAll('_', ' ') }))}
        onChange={(timeZone) => onChange({ ...weekly, timeZone })}
        error={error}
      />
    </fieldset>
  )
}
