import type { DesiredComponent } from '#lib/runtime/driver'
import { componentSpecSchema } from '#lib/tenants/component-spec'
import { describeRuntime } from '#lib/testing/runtime-contract'
import { ScriptedRuntime } from '#lib/testing/scripted-runtime'

function component(letter: string): DesiredComponent {
  const digest = `sha256:${letter.repeat(64)}`
  return { name: 'app', repository: 'main/shop', digest, spec: componentSpecSchema.parse({}), replicas: 1, environment: {}, jvmArguments: [] }
}

describeRuntime('the runtime of tests', async () => ({
  driver: new ScriptedRuntime(),
  components: [component('a'), component('b')],
  serves: async ({ state }) => state === 'running',
  close: async () => {},
}))
