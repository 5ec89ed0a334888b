export const timelineKinds = ['release', 'config', 'secret', 'operation', 'freeze', 'hold', 'policy', 'waiver'] as const
/** release: promote, deploy, rollback · config: saved and applied · operation: restart, stop, start, scale */
export type TimelineKind = (typeof timelineKinds)[number]
