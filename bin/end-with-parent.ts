/** A service whose supervisor was killed must not go on alone: its channel closes, and it stops as on SIGTERM. */
export function endWithParent(): void {
  if (!process.connected) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}
