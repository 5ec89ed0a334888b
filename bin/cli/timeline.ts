// timeline: what changed an environment, and what ran there at a time.
import { Option, type Command } from 'commander'
import { path } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { pointInTime } from '#bin/cli/point-in-time'
import { short, show, table, time } from '#bin/cli/print'
import type { TimelineEntry, TimelinePage, WhatRanView } from '#lib/promotions/timeline'
import { timelineKinds } from '#lib/promotions/timeline-kind'

interface TimelineOptions extends CommonOptions {
  app?: string
  kind?: string
  from?: string
  until?: string
  after?: string
  at?: string
}

export function addTimeline(program: Command): void {
  overApi(
    program
      .command('timeline')
      .argument('<environment>')
      .description('what changed an environment, newest first; with --at, what ran there then')
      .option('--app <slug>', 'only this application, and what holds for all')
      .addOption(new Option('--kind <kind>', 'only this kind of change').choices(timelineKinds))
      .option('--from <time>', 'not before: ISO 8601')
      .option('--until <time>', 'before: ISO 8601')
      .option('--after <mark>', 'the page after the one that ended with this mark')
      .option('--at <time>', 'answer what ran at this time instead: ISO 8601')
      .addHelpText(
        'after',
        `
  $ caisson timeline prod --app orders
  $ caisson timeline prod --at 2026-11-25T03:10:00Z`,
      ),
    async (api, environment: string, options: TimelineOptions) => {
      const { app: application, kind, after } = options
      if (options.at !== undefined) {
        const sent = { application, at: pointInTime(options.at) }
        const answer = await api.call<WhatRanView>('GET', path`/tenants/{tenant}/environments/${environment}/what-ran`, sent)
        return show(options, answer, () => ranWords(answer))
      }
      const sent = { application, kind, after, from: pointInTime(options.from), until: pointInTime(options.until) }
      const page = await api.call<TimelinePage>('GET', path`/tenants/{tenant}/environments/${environment}/timeline`, sent)
      show(options, page, () => pageWords(page))
    },
  )
}

function pageWords({ items, next }: TimelinePage): string {
  if (items.length === 0) return 'Nothing changed.'
  const rows = items.map((one) => [
    time(one.at),
    one.application?.slug ?? 'all',
    one.words,
    one.promotion?.state.replaceAll('_', ' ') ?? '',
    byWords(one),
    one.reason,
  ])
  const all = table(['WHEN', 'APPLICATION', 'WHAT', 'ENDED', 'BY', 'REASON'], rows)
  return next ? `${all}\n\nolder: --after ${next}` : all
}

function byWords({ by, promotion }: TimelineEntry): string {
  const approved = promotion?.approvedBy.map(({ name }) => name) ?? []
  return approved.length > 0 ? `${by.name}, approved by ${approved.join(' and ')}` : by.name
}

function ranWords({ applications, at }: WhatRanView): string {
  if (applications.length === 0) return `Nothing ran at ${time(at)}.`
  const rows = applications.map((one) => [
    one.application.slug,
    one.isStopped ? `${one.release} (stopped)` : one.release,
    one.components.map(({ digest }) => short(digest)).join(' '),
    `r${one.configRevision}`,
    String(one.replicas),
    time(one.since),
    one.underWay ? `${one.underWay.release} was on its way` : one.disturbedBy ? `${one.disturbedBy.release} had failed half-way` : '',
  ])
  return table(['APPLICATION', 'RELEASE', 'DIGEST', 'CONFIG', 'REPLICAS', 'SINCE', ''], rows)
}
