// The sections of a kit that are never left out.

export const valueSections = ['registry', 'tag', 'secrets', 'networkPolicy', 'ingress', 'resources', 'replayPersistence', 'observability'] as const
export type ValueSection = (typeof valueSections)[number]

export const runbookSections = ['install', 'verify', 'rollback', 'backup', 'restore', 'incident'] as const
export type RunbookSection = (typeof runbookSections)[number]
