/** What a task that a component declares is, where it says nothing else. Without a schema, for the form that shows it. */
export const taskDefaults: { body: string; startsWithinMs: number; endsWithinMs: number; ends: string[]; fails: string[] } = {
  body: '{}',
  startsWithinMs: 10_000,
  endsWithinMs: 60_000,
  ends: ['done', 'blocked'],
  fails: ['failed'],
}
