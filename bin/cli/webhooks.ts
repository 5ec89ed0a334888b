// webhooks: where events go, and what became of them.
import type { Command } from 'commander'
import { path } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { note, say, show, table, time } from '#bin/cli/print'
import type { DeliveryView, WebhookView, WebhookWithSecret } from '#lib/notifications/webhook'

export function addWebhooks(program: Command): void {
  const webhooks = program.command('webhooks').description('signed events to other systems')
  overApi(webhooks.command('list').description('where events go, and how they fare'), async (api, options: CommonOptions) => {
    const list = await api.call<{ items: WebhookView[] }>('GET', '/tenants/{tenant}/webhooks')
    show(options, list, () =>
      list.items.length === 0
        ? 'No webhooks.'
        : table(
            ['NAME', 'STATE', 'URL', 'TOPICS', 'DELIVERED', 'WAITING', 'DEAD'],
            list.items.map(({ name, state, url, topics, counts }) => [
              name,
              state,
              url,
              topics.length === 0 ? 'all' : topics.join(', '),
              String(counts.delivered),
              String(counts.pending),
              String(counts.dead),
            ]),
          ),
    )
  })
  overApi(webhooks.command('topics').description('every topic that there is, and what it means'), async (api, options: CommonOptions) => {
    const { topics } = await api.call<{ topics: { topic: string; says: string }[] }>('GET', '/tenants/{tenant}/webhooks')
    show(options, topics, () =>
      table(
        ['TOPIC', 'MEANING'],
        topics.map(({ topic, says }) => [topic, says]),
      ),
    )
  })
  overApi(
    webhooks
      .command('add')
      .argument('<name>')
      .argument('<url>')
      .description('send events there; prints the secret that signs them, this once')
      .option('--topic <topic...>', 'only these; every one when absent')
      .addHelpText('after', '\n  $ caisson webhooks add chat https://hooks.example.com/caisson --topic promotion.completed promotion.failed'),
    async (api, name: string, url: string, options: CommonOptions & { topic?: string[] }) => {
      const made = await api.call<WebhookWithSecret>('POST', '/tenants/{tenant}/webhooks', { name, url, topics: options.topic ?? [] })
      if (!options.json) note('Keep the secret: it is not shown again.')
      show(options, made, () => made.secret)
    },
  )
  overApi(
    webhooks
      .command('edit')
      .argument('<name>')
      .description('change its name, address or topics; the secret stays')
      .option('--name <name>', 'another name')
      .option('--to <url>', 'another address')
      .option('--topic <topic...>', 'only these')
      .option('--all-topics', 'every topic')
      .addHelpText('after', '\n  $ caisson webhooks edit chat --to https://hooks.example.com/other --topic promotion.failed'),
    async (api, name: string, options: CommonOptions & { name?: string; to?: string; topic?: string[]; allTopics?: boolean }) => {
      const topics = options.allTopics ? [] : options.topic
      const changed = await api.call<WebhookView>('PATCH', path`/tenants/{tenant}/webhooks/${name}`, { name: options.name, url: options.to, topics })
      show(
        options,
        changed,
        () => `${changed.name} goes to ${changed.url}, ${changed.topics.length === 0 ? 'every topic' : changed.topics.join(', ')}.`,
      )
    },
  )
  overApi(
    webhooks.command('rotate').argument('<name>').description('a new secret, printed this once; the one before signs too for a day'),
    async (api, name: string, options: CommonOptions) => {
      const made = await api.call<WebhookWithSecret>('POST', path`/tenants/{tenant}/webhooks/${name}/rotations`)
      show(options, made, () => made.secret)
    },
  )
  for (const [command, route, description] of [
    ['test', 'tests', 'send a test there'],
    ['resume', 'resumptions', 'switch one on again that was paused, or failed for too long'],
    ['pause', 'pauses', 'send nothing there until it is resumed; what waits is kept'],
  ] as const) {
    overApi(webhooks.command(command).argument('<name>').description(description), async (api, name: string, options: CommonOptions) => {
      const answer = await api.call<unknown>('POST', path`/tenants/{tenant}/webhooks/${name}/${route}`)
      show(options, answer, () => said[command](name))
    })
  }
  overApi(
    webhooks.command('remove').argument('<name>').description('send nothing there any more'),
    async (api, name: string, _options: CommonOptions) => {
      await api.call('DELETE', path`/tenants/{tenant}/webhooks/${name}`)
      say(`${name} is removed.`)
    },
  )
  overApi(
    webhooks.command('deliveries').argument('<name>').description('what went there, newest first'),
    async (api, name: string, options: CommonOptions) => {
      const list = await api.call<{ items: DeliveryView[] }>('GET', path`/tenants/{tenant}/webhooks/${name}/deliveries`)
      show(options, list, () =>
        table(
          ['DELIVERY', 'AT', 'TOPIC', 'STATE', 'ATTEMPTS', 'LAST'],
          list.items.map(({ id, createdAt, topic, state, attempts, log }) => [id, time(createdAt), topic, state, String(attempts), lastOf(log)]),
        ),
      )
    },
  )
  overApi(
    webhooks.command('replay').argument('<name>').argument('<delivery>').description('send a delivery once more, with the same id'),
    async (api, name: string, delivery: string, options: CommonOptions) => {
      const answer = await api.call<unknown>('POST', path`/tenants/{tenant}/webhooks/${name}/deliveries/${delivery}/replays`)
      show(options, answer, () => 'It goes out again.')
    },
  )
}

const said = {
  test: (name: string) => `Asked for; see \`caisson webhooks deliveries ${name}\`.`,
  resume: (name: string) => `${name} is on.`,
  pause: (name: string) => `${name} is paused.`,
}

function lastOf(log: DeliveryView['log']): string {
  const last = log.at(-1)
  if (!last) return ''
  return last.status === null ? last.error : String(last.status)
}
