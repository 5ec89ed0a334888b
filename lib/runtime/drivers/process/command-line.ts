// How an image is started as a process of this machine: pure.
import type { ImageConfig } from '#lib/oci/manifest'
import { Refusal } from '#lib/platform/refusal'
import type { DesiredComponent } from '#lib/runtime/driver'

export interface CommandLine {
  command: string
  arguments: string[]
  environment: Record<string, string>
}

export interface Surroundings {
  java: string
  /** Where the image's `/app` is on this machine. */
  appFolder: string
  dataDir: string
  /** Where the files of its configuration are. */
  filesDir: string
  replicaId: string
  path: string
}

/** What belongs to the file system of an image and means nothing outside it. */
const ofTheImage = /^(?:PATH|HOME|JAVA_HOME|PWD|HOSTNAME|LD_.*)$/

/**
 * The command of a replica: the host's Java for the image's, the unpacked folder for `/app`, JVM arguments after `java`, the
 * spec's arguments in place of the image's own. Templates: `${DATA_DIR}` and `${FILES_DIR}` are filled in, `${PORT}` is left to the launcher.
 * @throws Refusal `unsupported` for an image whose entrypoint is not `java`
 */
export function commandLineOf(component: DesiredComponent, config: ImageConfig, around: Surroundings): CommandLine {
  const { Entrypoint, Cmd, Env } = config.config ?? {}
  const [program = '', ...own] = [...(Entrypoint ?? []), ...(component.spec.arguments.length > 0 ? [] : (Cmd ?? []))]
  if (program.split('/').at(-1) !== 'java') {
    throw new Refusal('unsupported', `The image of ${component.name} starts ${program || 'nothing'}; the process runtime starts java only.`, {
      fix: 'Choose another runtime for the environment, or upload the JAR itself.',
    })
  }
  const fill = (text: string): string => text.replaceAll('${DATA_DIR}', around.dataDir).replaceAll('${FILES_DIR}', around.filesDir)
  const inherited = (Env ?? []).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
  const asked = Object.entries(component.environment).map(([key, value]) => [key, fill(value)] as const)
  return {
    command: around.java,
    arguments: [
      ...boundsOf(component),
      ...component.jvmArguments.map(fill),
      ...own.map((argument) => intoFolder(argument, around.appFolder)),
      ...component.spec.arguments.map((argument) => fill(intoFolder(argument, around.appFolder))),
    ],
    environment: {
      PATH: around.path,
      HOME: around.dataDir,
      LANG: 'C.UTF-8',
      ...Object.fromEntries(inherited.filter(([key]) => key !== '' && !ofTheImage.test(key))),
      ...(component.files ? { FILES_DIR: around.filesDir } : {}),
      ...Object.fromEntries(asked),
      CAISSON_REPLICA_ID: around.replicaId,
    },
  }
}

/**
 * The JVM takes the memory of its spec for all that there is, and its heap gets 70 % of it; the rest is for classes, threads and
 * buffers. That holds for any user and on any system, and it bounds the heap only: nothing ends a process that takes more
 * (docs/decisions/0020). Options of the configuration come later and count.
 */
function boundsOf({ spec }: DesiredComponent): string[] {
  return [`-XX:MaxRAM=${spec.memoryMiB}m`, '-XX:MaxRAMPercentage=70', '-XX:MinRAMPercentage=70']
}

/** `/app` and what is below it, also inside a class path. */
function intoFolder(argument: string, folder: string): string {
  return argument
    .split(':')
    .map((part) => (part === '/app' || part.startsWith('/app/') ? folder + part.slice('/app'.length) : part))
    .join(':')
}
